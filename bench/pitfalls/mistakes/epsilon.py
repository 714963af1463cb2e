"""Different ε of Adam."""

from __future__ import annotations

from statistics import fmean

from bench.pitfalls import words
from bench.pitfalls.lab import PLANTED
from bench.pitfalls.mistake import Mistake, Thread, Told
from bench.pitfalls.planted_training import PlantedTraining, planted_training
from bench.stats.equivalence import difference_interval, equivalence

PLANT = f"{PLANTED}.other_epsilon:OtherEpsilon"


def tell(figures: PlantedTraining) -> Told:
    """What the figures say."""
    return Told(
        f"{words.difference(difference_interval(figures.differences))} of accuracy, {fmean(figures.losses):+.2%} of "
        "loss",
        figures.headline("ε = 1e-7"),
        equivalence(figures.differences).sentence,
        f"{figures.counted}, the change being ε = 1e-7. Mean accuracies are {words.percent(figures.planted)} and "
        f"{words.percent(figures.sound)}; the last epoch's mean loss differs by {min(figures.losses):+.2%} to "
        f"{max(figures.losses):+.2%}. The ladder says of it: “{figures.ladder}”.",
    )


MISTAKE = Mistake(
    "epsilon",
    "Different ε in Adam",
    "ε is 1e-8 in PyTorch and Optax, and 1e-7 in Keras and TensorFlow, which also add it at another place. Defaults "
    "are kept, and the optimizer is taken to be the same because its name is.",
    (
        Thread(
            "google-deepmind/optax",
            571,
            "A reproduction of work in TensorFlow had other learning curves in PyTorch and JAX: TensorFlow's Adam adds "
            "ε before the bias correction.",
        ),
        Thread(
            "xavysp/DexiNed",
            77,
            "A PyTorch port ends elsewhere than the original in TensorFlow; the default ε of Adam, which is not the "
            "same, is on the list of reasons.",
            pull=True,
        ),
    ),
    "Adam's numbers are in the specification. One rung of the ladder compares single steps with Adam written out in "
    "float64. Where a step differs, it tries known mistakes, this one among them, and names the one that fits.",
    ("impls/spec/recipe.py", "bench/parity/rungs/optimizer.py", "bench/parity/mistakes/adam.py"),
    PlantedTraining,
    lambda lab: planted_training(lab, PLANT),
    tell,
)
