"""What becomes of accuracies: planted programs, one seed, initial parameters, the last batch; from made-up runs."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

import numpy as np
import pytest

from bench.base.settings import Settings
from bench.pitfalls.lab import SOUND, Lab
from bench.pitfalls.mistakes import initial, last_batch, one_seed
from bench.pitfalls.planted_training import planted_training
from bench.training import store
from bench.worker.variant import Subject
from impls.data.synthetic import synthetic_split
from impls.errors import LenetError
from impls.spec import lecture
from made_up_evidence import RISING, evidence, run
from made_up_pitfalls import StubLab, StubSettings
from made_up_runs import made
from paired_runs import BASE, FLAX, TWIN


def test_a_planted_program_is_compared_seed_by_seed() -> None:
    sound = [made(SOUND, seed, final, losses=[2.0, 1.5]) for seed, final in enumerate((0.44, 0.46))]
    planted = [made("x:y", seed, final, losses=[2.0, 1.53]) for seed, final in enumerate((0.45, 0.44))]
    lab = cast(Lab, StubLab(runs={SOUND: sound, "x:y": planted}, ladder="different"))
    found = planted_training(lab, "x:y")
    assert found.differences == pytest.approx([0.01, -0.02])
    assert found.losses == pytest.approx([0.02, 0.02])
    assert (found.largest, found.seeds, found.ladder) == (pytest.approx(-0.02), 2, "different")
    same = planted_training(cast(Lab, StubLab(runs={SOUND: sound})), SOUND)
    assert same.differences == same.losses == [0.0, 0.0]


def at(results: Path) -> Lab:
    return cast(Lab, StubLab(settings=StubSettings(results=results)))


def test_one_seed_is_held_against_the_same_program_from_another(real_settings: Settings) -> None:
    for each in (*BASE, *TWIN, *FLAX):
        store.save(real_settings, each)
    found = one_seed.measure(at(real_settings.results))
    assert (found.program, found.other) == ("pytorch:eager", "flax:jit")
    assert found.accuracies == pytest.approx([0.45, 0.46, 0.47])
    assert max(found.unpaired) == pytest.approx(0.02)
    assert found.twins == pytest.approx([0.003, -0.003, 0.003])
    assert found.paired == pytest.approx([0.001, 0.002, 0.003])


@pytest.mark.parametrize("runs", [[*BASE, *TWIN], [*BASE, *FLAX], [BASE[0], TWIN[0], FLAX[0]], []])
def test_without_a_twin_or_the_other_framework_one_seed_is_not_measured(
    real_settings: Settings, runs: list[Any]
) -> None:
    for each in runs:
        store.save(real_settings, each)
    with pytest.raises(LenetError, match="no two seeds of PyTorch, its twin and Flax are stored"):
        one_seed.measure(at(real_settings.results))


def gap(seeds: int) -> Any:
    """Flax's initial parameters bring 4 points, the framework nothing."""
    runs = []
    for label in ("pytorch:tuned", "flax:tuned"):
        for scheme, final in (("pytorch", 0.45), ("flax", 0.49)):
            recipe = lecture(initial=scheme)
            runs += [run([*RISING[:9], final + 0.001 * seed], seed, label, recipe) for seed in range(seeds)]
    return evidence(*runs)


def test_initial_parameters_are_told_from_the_framework() -> None:
    found = initial.measure(cast(Lab, StubLab(evidence=[gap(3)])))
    assert found.seeds == 3
    assert found.gap.mean == pytest.approx(0.04)
    assert found.from_initial.mean == pytest.approx(0.04)
    assert found.from_framework.mean == pytest.approx(0.0)
    with pytest.raises(LenetError, match="no two seeds are stored"):
        initial.measure(cast(Lab, StubLab(evidence=[gap(1)])))


def test_an_order_is_split_into_whole_batches_and_a_rest() -> None:
    order = np.arange(2 * last_batch.BATCH + 5)
    whole, rest = last_batch.batches(order)
    assert whole.shape == (2, last_batch.BATCH)
    assert rest.shape == (1, 5)
    assert np.concatenate([whole.ravel(), rest.ravel()]).tolist() == order.tolist()
    assert last_batch.batches(np.arange(last_batch.BATCH))[1].size == 0


class Classifies:
    """A subject of known accuracies."""

    def __init__(self, right: np.ndarray) -> None:
        self.right, self.worker = right, self

    def evaluate(self) -> tuple[float, float]:
        return 0.1, float(self.right.mean())

    def call(self, method: str, split: Any) -> float:
        assert method == "accuracy_on"
        return float(self.right[: len(split)].mean())


def test_a_mean_of_batches_counts_the_last_one_too_much() -> None:
    test = synthetic_split("test", last_batch.BATCH + 2)
    right = np.array([True] * last_batch.BATCH + [False] * 2)
    subject = cast(Subject, Classifies(right))
    accuracy, of_means, without_last = last_batch._evaluated(subject, test)
    assert accuracy == pytest.approx(last_batch.BATCH / (last_batch.BATCH + 2))
    assert of_means == pytest.approx(0.5)
    assert without_last == 1.0
    whole = synthetic_split("test", last_batch.BATCH)
    assert len(set(last_batch._evaluated(cast(Subject, Classifies(right[:-2])), whole))) == 1, "nothing is left over"
