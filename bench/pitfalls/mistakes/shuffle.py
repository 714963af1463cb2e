"""Frameworks' own shuffles."""

from __future__ import annotations

from bench.pitfalls import words
from bench.pitfalls.lab import PLANTED
from bench.pitfalls.mistake import Mistake, Thread, Told
from bench.pitfalls.planted_training import PlantedTraining, planted_training
from bench.stats.equivalence import difference_interval, equivalence, points

PLANT = f"{PLANTED}.own_shuffle:OwnShuffle"


def tell(figures: PlantedTraining) -> Told:
    """What the figures say."""
    low, high = min(figures.differences), max(figures.differences)
    mean = difference_interval(figures.differences).mean
    return Told(
        f"{points(low)} to {points(high)} points of accuracy from seed to seed, {points(mean)} on average",
        figures.headline("the other shuffle"),
        equivalence(figures.differences).sentence,
        f"{figures.counted}, the change being an order of its own. Mean accuracies are "
        f"{words.percent(figures.planted)} and {words.percent(figures.sound)}. The ladder says of it: "
        f"“{figures.ladder}”.",
    )


MISTAKE = Mistake(
    "shuffle",
    "Their own shuffles",
    "Each side shuffles with its own generator, or within a buffer, or not at all. Runs of one seed then share nothing "
    "but the number, and their difference is one of two draws.",
    (
        Thread(
            "NVIDIA/DALI",
            3902,
            "A model was worse by more than 1 % with one loader than with another, though “tensor values are exactly "
            "the same”. In training they were not: batches differed. The author suspected that one shuffled within a "
            "buffer and the other over everything.",
        ),
    ),
    "An epoch's order is a pure function of seed and epoch, computed in NumPy, and every backend follows it. The "
    "ladder trains some steps and compares each loss; timed epochs are compared likewise, outside the clock.",
    ("impls/spec/order.py", "bench/parity/rungs/trajectory.py", "bench/timing/same_work.py"),
    PlantedTraining,
    lambda lab: planted_training(lab, PLANT),
    tell,
)
