"""What a run costs: the whole recipe, and training until a stated accuracy, in seconds."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import fmean, median

from bench.results.load import Device, Variant
from bench.training.run import TrainingRun
from impls.spec import LECTURE

TARGET = 0.45
"""The accuracy on the test split that training is timed to: the lecture's claim for its tenth epoch. A fraction."""

READING = f"""Both are of a process that has started and has its data on the device. *The recipe* is the first epoch,
{LECTURE.epochs - 1} steady ones, and {LECTURE.epochs} classifications of the test split, each the median of what was
timed. *To {TARGET:.0%}* is the first epoch and the steady ones up to the epoch after which the mean accuracy of that
framework's trained variants was first {TARGET:.0%} or more; it holds only for variants that the ladder calls
equivalent."""


def recipe_seconds(variant: Variant) -> float | None:
    """Seconds of all epochs and tests of the lecture's recipe; None where one of its parts was not timed."""
    tests = variant.get("evaluation", "eval_seconds")
    training = _training_seconds(variant, LECTURE.epochs)
    if training is None or not tests:
        return None
    return training + LECTURE.epochs * median(tests)


def seconds_to(variant: Variant, epochs: int | None) -> float | None:
    """Seconds of so many epochs of training, for a variant that is equivalent; None where nothing says."""
    if epochs is None or variant.any_record["verdict"] != "equivalent":
        return None
    return _training_seconds(variant, epochs)


def _training_seconds(variant: Variant, epochs: int) -> float | None:
    first, steady = variant.get("first epoch", "first_epoch_seconds"), variant.get("epoch", "epoch_seconds")
    return median(first) + (epochs - 1) * median(steady) if first and steady else None


def epochs_to_target(device: Device, runs: Sequence[TrainingRun]) -> dict[str, int]:
    """After how many epochs each framework's mean accuracy first was `TARGET` or more, by the backend's name.

    Args:
        device: whose benchmark trained a variant of each framework.
        runs: over seeds, on that device and by the lecture's recipe; where a framework has some, they count.
    """
    curves: dict[str, list[list[float]]] = {}
    for run in runs:
        if not run.twin:
            curves.setdefault(run.backend, []).append(run.accuracy_per_epoch)
    for label, variant in device.variants.items():
        backend = label.partition(":")[0]
        if (own := variant.get("training", "accuracy_per_epoch")) and backend not in curves:
            curves[backend] = [own]
    found = {}
    for backend, several in curves.items():
        means = [fmean(each) for each in zip(*several, strict=False)]
        reached = next((epoch for epoch, mean in enumerate(means, start=1) if mean >= TARGET), None)
        if reached is not None:
            found[backend] = reached
    return found
