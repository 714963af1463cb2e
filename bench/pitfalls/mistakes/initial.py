"""Frameworks' own initial parameters."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import fmean

from bench.lecture.initialisation import gaps
from bench.pitfalls import words
from bench.pitfalls.committed import Source
from bench.pitfalls.lab import Lab
from bench.pitfalls.mistake import Mistake, Thread, Told
from bench.stats.equivalence import difference_interval
from bench.stats.student import Interval
from impls.errors import LenetError
from impls.spec import LECTURE


@dataclass(frozen=True)
class Figures:
    """Of stored training runs by the lecture's recipe, after its last epoch; accuracies and differences are fractions.

    Attributes:
        source: where they come from.
        seeds: pairs of runs.
        pytorch: mean accuracy of PyTorch from its own default initial parameters.
        flax: of Flax from its own.
        gap: Flax less PyTorch, each from its own.
        from_initial: the part of the gap that the initial parameters make.
        from_framework: the part that is left for the framework.
    """

    source: Source
    seeds: int
    pytorch: float
    flax: float
    gap: Interval
    from_initial: Interval
    from_framework: Interval


def measure(lab: Lab) -> Figures:
    """Split the gap between stored runs of both frameworks from both frameworks' initial parameters."""
    for evidence in lab.evidence:
        for gap in gaps(evidence):
            if len(gap.gap) > 1 and (gap.learning_rate, gap.epoch) == (LECTURE.learning_rate, LECTURE.epochs):
                return Figures(
                    source=Source("stored training runs", evidence.device),
                    seeds=len(gap.gap),
                    pytorch=fmean(gap.pytorch),
                    flax=fmean(gap.flax),
                    gap=difference_interval(gap.gap),
                    from_initial=difference_interval(gap.from_initial),
                    from_framework=difference_interval(gap.from_framework),
                )
    raise LenetError(
        "no two seeds are stored that were trained in both frameworks from the initial parameters of both; "
        "`lenet-bench accuracy --recipe lecture-flax-initial` trains them"
    )


def tell(figures: Figures) -> Told:
    """What the figures say."""
    return Told(
        f"{words.difference(figures.from_initial)} of accuracy",
        f"Flax reaches {words.percent(figures.flax)} and PyTorch {words.percent(figures.pytorch)}: Flax is more "
        f"accurate by {words.difference(figures.gap)}."
        if figures.gap.mean > 0
        else f"Flax less PyTorch, each from its own initial parameters, is {words.difference(figures.gap)}.",
        f"From the same initial parameters, Flax less PyTorch is {words.difference(figures.from_framework)}.",
        f"{figures.seeds} seeds, ten epochs, both frameworks from both frameworks' initial parameters "
        f"({figures.source.words}). Of the gap, {words.difference(figures.from_initial)} come from the initial "
        "parameters.",
    )


MISTAKE = Mistake(
    "initial",
    "Frameworks' own initial parameters",
    "Each side keeps its default initialisation. PyTorch draws weights and biases uniformly; Flax draws weights "
    "LeCun-normal and sets biases to zero. The comparison then changes two things at once.",
    (
        Thread(
            "BayesWatch/tf-variational-dropout",
            6,
            "A network reaches 91 % in TensorFlow and over 93 % in PyTorch. Among the suspects is the initialisation, "
            "which turns out to be scaled in another way.",
        ),
        Thread(
            "google/flax",
            3125,
            "People who port training scripts from PyTorch expect the same initialisation and find that training "
            "behaves differently; the documentation should say why.",
        ),
    ),
    "Initial parameters are drawn once, in NumPy, by a scheme that the recipe names, and are given to every backend. "
    "What each framework's own would have made is measured beside it.",
    ("impls/spec/initial.py", "bench/lecture/initialisation.py"),
    Figures,
    measure,
    tell,
)
