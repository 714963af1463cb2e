"""Which stored runs may stand in one table."""

from __future__ import annotations

from typing import Any

import pytest

from bench.base.settings import BASELINE, Settings
from bench.training import store
from bench.training.selection import newest, sections
from paired_runs import BASE, FLAX, TWIN, five


@pytest.mark.parametrize(
    "fields",
    [
        {"device_name": "Abacus, 4 cores"},
        {"precision": "tf32"},
        {"data_fingerprint": "synthetic-x"},
        {"recipe": "lecture-100"},
        {"batch_size": 50},
    ],
)
def test_other_devices_precisions_data_and_recipes_never_share_a_table(
    settings: Settings, fields: dict[str, Any]
) -> None:
    for run in (*BASE, *five("flax:jit", [0.1, 0.2], **fields)):
        store.save(settings, run)
    found = [{run.label for run in section.runs} for section in sections(settings.results)]
    assert found in ([{BASELINE}, {"flax:jit"}], [{"flax:jit"}, {BASELINE}])


def test_the_newest_code_wins_and_what_is_left_out_is_said() -> None:
    old = five(BASELINE, [0.0] * 3, code="old", date="2025-01-01T00:00:00+00:00")
    section = newest([*old[1:], BASE[0], *TWIN, *FLAX])
    assert [(run.title, run.seed) for run in section.runs if run.label == BASELINE and not run.twin] == [(BASELINE, 0)]
    assert section.left_out == [
        "Left out, because newer runs take their place in the comparison: pytorch:eager, seeds 1, 2 (other code)."
    ]


def test_versions_that_two_variants_share_must_agree() -> None:
    versions = {"python": "3.12.0", "flax": "2.14.1"}
    section = newest([*BASE, *five("flax:jit", [0.1, 0.2], versions=versions, date="2026-02-01T00:00:00+00:00")])
    assert {run.label for run in section.runs} == {"flax:jit"}
    assert section.left_out == [
        "Left out, because newer runs take their place in the comparison: "
        "pytorch:eager, seeds 0, 1, 2 (python 3.11.7 and not 3.12.0)."
    ]
