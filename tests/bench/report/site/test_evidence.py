"""From a row to its evidence: links that lead somewhere, and the command that repeats it."""

from __future__ import annotations

import shlex
from itertools import pairwise
from pathlib import Path
from urllib.parse import unquote

import pytest

from bench.report.site.evidence import described, evidence
from bench.results.load import devices, read_run
from command import ROOT
from impls import registry
from made_up_results import run_rows, store

LABELS = [f"{name}:{variant}" for name, entry in registry.BUILT_IN.items() for variant in entry.variants]


@pytest.mark.parametrize("label", LABELS)
def test_every_variant_of_ours_has_a_source_that_describes_it(label: str) -> None:
    path, what = described(label)
    assert (ROOT / path).is_file()
    assert len(what) > 20
    assert "`" not in what


@pytest.mark.parametrize("label", ["somebodys.module:Class", "no such thing", "pytorch:none", "impls.nothing:Here"])
def test_a_backend_of_others_has_no_source_here(label: str) -> None:
    assert described(label) == ("", "")


def test_links_of_committed_results_lead_to_files() -> None:
    page = ROOT / "results" / "index.html"
    for path in sorted((ROOT / "results").glob("*/*.json")):
        run = read_run(path)
        assert run
        for device in devices([run]):
            for variant in device.variants.values():
                found = evidence(device, variant, page)
                assert (page.parent / unquote(found.json[1])).resolve() == path.resolve()
                assert (page.parent / unquote(found.source_link)).is_file()


def test_the_command_repeats_the_run_that_the_row_is_of(tmp_path: Path) -> None:
    options = {"backends": ["pytorch:eager", "flax:jit"], "blocks": 3, "synthetic": 2000}
    path = store(tmp_path / "x.json", *run_rows(0, blocks=3), run={**_RUN, "options": options})
    run = read_run(path)
    assert run
    device = devices([run])[0]
    first, second = evidence(device, device.variants["flax:jit"], tmp_path / "index.html").command.splitlines()
    assert shlex.split(first, comments=True) == ["git", "switch", "--detach", "0123456789"]
    words = shlex.split(second)
    assert words[:3] == ["pytest", "bench/", "--benchmark-only"]
    pairs = list(pairwise(words))
    for pair in (
        ("--backend", "pytorch:eager"),
        ("--backend", "flax:jit"),
        ("--device", "cpu"),
        ("--precision", "fp32"),
        ("--threads", "2"),
        ("--seed", "0"),
        ("--blocks", "3"),
        ("--synthetic", "2000"),
    ):
        assert pair in pairs


_RUN = {"schema": 2, "complete": True, "code": "0123abcd", "warnings": []}
