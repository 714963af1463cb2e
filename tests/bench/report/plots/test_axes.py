"""Ticks at whole epochs, and labels that tell runs apart."""

from __future__ import annotations

from bench.report.plots.axes import circumstances, epoch_ticks, run_labels
from made_up_figures import BOTH
from made_up_runs import made


def test_ticks_are_whole_epochs_and_few() -> None:
    assert epoch_ticks(1) == [1]
    assert epoch_ticks(10) == list(range(1, 11))
    assert epoch_ticks(30) == [1, 5, 10, 15, 20, 25, 30]
    assert epoch_ticks(100) == [1, *range(10, 101, 10)]
    for epochs in (13, 57, 101, 999, 12345, 10**6):
        ticks = epoch_ticks(epochs)
        assert ticks == sorted(set(ticks))
        assert 1 < len(ticks) <= 12
        assert ticks[-1] <= epochs


def test_runs_of_a_label_are_told_apart_by_what_they_differ_in() -> None:
    assert run_labels(BOTH) == ["pytorch:eager", "flax:jit"]
    seeds = [made(seed=0), made(seed=1), made("flax:jit", 1), made(seed=0, twin=True)]
    assert run_labels(seeds) == ["pytorch:eager, seed 0", "pytorch:eager, seed 1", "flax:jit", "pytorch:eager twin"]
    assert run_labels([made(), made(recipe="lecture-100", device_name="Abacus, 4 cores")]) == [
        "pytorch:eager, lecture, Abacus, 2 cores",
        "pytorch:eager, lecture-100, Abacus, 4 cores",
    ]
    assert circumstances(seeds) == "Abacus, 2 cores, seeds 0, 1"
    assert circumstances([made(seed=seed) for seed in range(5)]) == "Abacus, 2 cores, seeds 0–4"
