"""The notes beside the tables say what a reader must know, and nothing that is the same in every run."""

from __future__ import annotations

from pathlib import Path

from bench.base.environment import of_workers
from bench.report.pages import write_page
from bench.report.tables.notes import environment_lines, warnings
from bench.results.load import devices, read_run
from made_up_results import row
from made_up_results import store as store_2
from made_up_schema_1 import EPOCH, store

TITLE = "### Environment variables of the workers"


def page_and_lines(folder: Path, environment: dict[str, str]) -> tuple[str, list[str]]:
    path = store(folder / "results", "a", "2026-01-01", EPOCH | {"threads": 2, "environment": environment})
    run = read_run(path)
    assert run
    [device] = devices([run])
    return write_page(folder / "results", "abacus").read_text(), environment_lines(device)


def test_what_the_harness_sets_for_all_workers_is_not_shown(tmp_path: Path) -> None:
    page, lines = page_and_lines(tmp_path, of_workers(2))
    assert lines == []
    assert TITLE not in page


def test_what_the_user_set_is_shown(tmp_path: Path) -> None:
    page, lines = page_and_lines(tmp_path, of_workers(2) | {"XLA_FLAGS": "--a"})
    assert lines == ["XLA_FLAGS=--a"]
    assert f"{TITLE}\n\n- `XLA_FLAGS=--a`\n" in page


def test_scatter_that_the_older_rule_complained_of_is_judged_anew(tmp_path: Path) -> None:
    """It was least to greatest, which more rounds make greater; what else a row warns of stays."""
    old = {
        "blocks": [0, 0, 1, 1, 2, 2, 3, 3],
        "epoch_seconds": [3.0, 3.3, 3.0, 3.05, 3.0, 3.1, 2.95, 3.0],
        "control_seconds": [2.0] * 8,
        "warnings": ["rounds scatter by 12% (2.95 to 3.3 s): trust the ratios", "there is no probe"],
    }
    spoilt = old | {"epoch_seconds": [3.0, 3.0, 3.0, 3.05, 5.0, 5.1, 3.0, 3.0]}
    (tmp_path / "abacus").mkdir()
    run = read_run(store_2(tmp_path / "abacus" / "a.json", row("epoch", **old), row("epoch", "flax:jit", **spoilt)))
    assert run
    [device] = devices([run])
    first, *others = warnings(device)
    assert first == "pytorch:eager, epoch: there is no probe."
    assert any("block 3 took 68% longer than the others" in each for each in others)
    assert not any("rounds scatter by" in each for each in others)
