"""Which stored runs may stand in one table."""

from __future__ import annotations

from typing import Any

import pytest

from bench.base.settings import BASELINE, Settings
from bench.training import store
from bench.training.selection import Section, largest, sections
from made_up_runs import made
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


SAID = "Left out, for the table shows the largest set of runs that may be compared: "
NEWER = "2026-02-01T00:00:00+00:00"


def shown(section: Section, title: str = BASELINE) -> list[int]:
    return [run.seed for run in section.runs if run.title == title]


def test_one_seed_under_a_newer_torch_does_not_replace_ten_under_an_older_one() -> None:
    newer = made(seed=0, versions={"python": "3.11.7", "pytorch": "2.15.0"}, date=NEWER)
    section = largest([*five(BASELINE, [0.0] * 10), *TWIN, *FLAX, newer])
    assert shown(section) == list(range(10))
    assert len(section.runs) == 16
    assert section.left_out == [f"{SAID}pytorch:eager, seed 0 (pytorch 2.15.0 and not 2.14.1)."]


def test_other_code_is_left_out_where_there_is_less_of_it_and_it_is_said() -> None:
    old = five(BASELINE, [0.0] * 3, code="old", date="2025-01-01T00:00:00+00:00")
    section = largest([*old[:2], BASE[0], *FLAX])
    assert shown(section) == [0, 1]
    assert section.left_out == [f"{SAID}pytorch:eager, seed 0 (other code)."]


def test_the_twin_is_of_the_same_code() -> None:
    """Three runs of new code and their three twins are more than four of old code without."""
    old = five(BASELINE, [0.0] * 4, code="old", date=NEWER)
    section = largest([*old, *BASE, *TWIN])
    assert {run.code for run in section.runs} == {BASE[0].code}
    assert section.left_out == [f"{SAID}pytorch:eager, seeds 0, 1, 2, 3 (other code)."]


@pytest.mark.parametrize(("first", "second"), [("2026-01-01", "2026-02-01"), ("2026-02-01", "2026-01-01")])
def test_of_two_sets_as_large_the_newer_is_shown(first: str, second: str) -> None:
    runs = {
        code: [made(seed=seed, code=code, date=f"{date}T00:00:0{seed}+00:00") for seed in range(2)]
        for code, date in (("one", first), ("two", second))
    }
    newer = "one" if first > second else "two"
    assert {run.code for run in largest([*runs["one"], *runs["two"]]).runs} == {newer}


def test_a_seed_that_was_trained_twice_counts_once() -> None:
    again = [made(seed=0, code="again", date=f"2026-03-0{day}T00:00:00+00:00") for day in range(1, 5)]
    assert shown(largest([*BASE, *again])) == [0, 1, 2]


def test_versions_that_two_variants_share_must_agree() -> None:
    versions = {"python": "3.12.0", "flax": "2.14.1"}
    section = largest([*BASE, *five("flax:jit", [0.1, 0.2], versions=versions, date=NEWER)])
    assert {run.label for run in section.runs} == {BASELINE}
    assert section.left_out == [f"{SAID}flax:jit, seeds 0, 1 (python 3.12.0 and not 3.11.7)."]


def test_variants_whose_versions_agree_with_two_sets_join_the_larger() -> None:
    """flax:jit shares Python with both versions of torch; each torch clashes with the other alone."""
    newer = five(BASELINE, [0.0] * 2, versions={"python": "3.11.7", "pytorch": "2.15.0"}, date=NEWER)
    section = largest([*newer, *BASE, *FLAX])
    assert shown(section) == [0, 1, 2]
    assert shown(section, "flax:jit") == [0, 1, 2]
