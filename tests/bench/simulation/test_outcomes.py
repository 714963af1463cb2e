"""The simulations give what the formulas have where these are known, and the page gets what they gave."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from bench.benchmarks import test_overhead as overhead
from bench.report import markers
from bench.simulation import __main__ as command
from bench.simulation import changes, ratios, twins, warnings
from bench.simulation.accuracies import called, with_peeking
from bench.simulation.committed import full_runs, measured
from bench.simulation.effects import Effects
from bench.simulation.outcome import Outcome, outcome
from bench.simulation.tables import outcomes_table
from command import ROOT

QUIET = Effects(run=0.0, block=0.004, process=0.017, round=0.016, rest=0.033)
NONE = Effects(0.0, 0.0, 0.0, 0.0, 0.0)


def test_an_error_holds_up_to_a_fifth_beyond_what_is_claimed() -> None:
    assert Outcome("x", "file", 0.05, [0.02, 0.06]).holds
    assert not Outcome("x", "file", 0.05, [0.02, 0.061]).holds
    assert Outcome("x", "file", None, [0.9]).holds
    assert Outcome("x", "file", 0.05, [0.9], claimed=False).holds


def test_every_set_of_effects_is_simulated_from_the_same_seed() -> None:
    found = outcome("x", "file", 0.05, lambda effects, rng, tries: rng.random() + effects.run, [NONE, NONE], 1)
    assert found.errors[0] == found.errors[1]


def test_a_ratio_over_blocks_errs_as_often_as_it_says() -> None:
    # Three standard deviations of a binomial proportion with n = 1500 and p = 0.05 are 0.017.
    error = ratios.told_apart(QUIET, np.random.default_rng(0), 1500, blocks=4, rounds=2)
    assert error == pytest.approx(0.05, abs=0.017)
    assert ratios.told_apart(QUIET, np.random.default_rng(0), 50, blocks=1, rounds=10) == 0


@pytest.mark.parametrize("pair", [changes.two_files, changes.same_blocks])
def test_an_effect_of_the_run_is_no_change(pair: changes.Pair) -> None:
    """Blocks are no replicates of a run, which the repeats show, and which shared blocks cancel."""
    # Three standard deviations of a binomial proportion with n = 400 and p = 0.05 are 0.033.
    assert changes.one(replace(QUIET, run=0.03), np.random.default_rng(0), 400, pair) <= 0.083


def test_blocks_alone_take_an_effect_of_the_run_for_a_change(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(changes, "repeats_of", lambda measure, rows: None)
    steady = changes.one(QUIET, np.random.default_rng(0), 300)
    assert changes.one(replace(QUIET, run=0.03), np.random.default_rng(0), 300) > 2 * steady


def test_the_overhead_is_simulated_as_it_is_measured() -> None:
    assert (ratios.PROCESSES, ratios.SLICES) == (overhead.PROCESSES, overhead.SLICES)


def test_looking_again_errs_more_often() -> None:
    once = called(NONE, np.random.default_rng(0), 600, "equivalent", 5, 0.012)
    assert with_peeking(NONE, np.random.default_rng(0), 600, "equivalent", 0.012) > once + 0.03


def test_disturbances_are_planted_in_one_place() -> None:
    rng = np.random.default_rng(0)
    for name, disturb in warnings.DISTURBANCES.items():
        row = np.zeros((4, 2))
        disturb(rng, row)
        assert (np.ptp(row) > 0) == (disturb is not warnings.nothing), name
        if disturb in (warnings.slow_process, warnings.competing_process):
            assert (row.max(axis=1) > 0).sum() == 1


def test_the_envelope_accuses_more_where_distances_may_be_small_by_luck() -> None:
    rng = np.random.default_rng(0)
    assert twins.accused(NONE, rng, 20_000, twins.half_normal) > 0
    assert twins.accused(NONE, rng, 20_000, lambda rng, shape: twins.log_normal(rng, shape, 0.06)) == 0


def test_the_committed_results_show_effects() -> None:
    found = measured(ROOT / "results")
    assert {each.kind for each in found} == {"epoch", "evaluation"}
    runs = full_runs(ROOT / "results")
    assert any(effects.process > 0.005 for effects in runs)
    for effects in runs:
        assert effects.process < 0.1  # 0 where rounds scatter so much that processes do not show
        assert 0.005 < effects.rest < 0.1


def test_what_depends_on_no_effect_has_one_error_for_all() -> None:
    table = outcomes_table([Outcome("a", "b.py", 0.05, [0.048])], ["quiet", "busy"])
    assert "| a" in table
    assert table.count("4.8 %") == 2


@pytest.mark.slow
def test_the_command_fills_the_page(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    names = ("effects", "errors", "not-steady")
    page.write_text("\n".join(f"{markers.marker(n, 'begin')}\n{markers.marker(n, 'end')}\n" for n in names))
    command.main(["--tries", "100", "--page", str(page)])
    text = page.read_text()
    for expected in ("18-43-48Z.json", "ratio of two variants, 4 blocks of 2 rounds", "a quiet machine"):
        assert expected in text


def test_the_committed_page_has_a_place_for_every_table() -> None:
    text = (ROOT / "docs" / "statistics.md").read_text()
    for name in ("effects", "errors", "not-steady"):
        begin, end = (text.index(markers.marker(name, which)) for which in ("begin", "end"))
        assert text[begin:end].count("\n|") > 3, f"{name} is empty: run make statistics"
