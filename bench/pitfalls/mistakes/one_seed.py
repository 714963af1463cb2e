"""One seed: what differences of accuracy two equal programs show by chance."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import permutations

from bench.pitfalls import words
from bench.pitfalls.committed import Source
from bench.pitfalls.lab import Lab
from bench.pitfalls.mistake import Mistake, Thread, Told
from bench.stats.equivalence import MARGIN, equivalence, points
from bench.training.paired import PairedAccuracy
from bench.training.selection import Section, accuracies, sections
from impls.errors import LenetError
from impls.spec import LECTURE


@dataclass(frozen=True)
class Figures:
    """Of stored training runs by the lecture's recipe, after its last epoch; accuracies and differences are fractions.

    Attributes:
        source: where they come from.
        program: the variant that is compared with itself.
        accuracies: of it, one a seed.
        twins: of it started one unit in the last place away, less itself, one a seed.
        other: the variant of the other framework.
        paired: of that one less the program, one a seed that both have.
    """

    source: Source
    program: str
    accuracies: list[float]
    twins: list[float]
    other: str
    paired: list[float]

    @property
    def unpaired(self) -> list[float]:
        """Every difference between the program from one seed and itself from another."""
        return [one - other for one, other in permutations(self.accuracies, 2)]

    @property
    def beyond(self) -> float:
        """The share of these that are more than the margin."""
        return sum(abs(each) > MARGIN for each in self.unpaired) / len(self.unpaired)


def measure(lab: Lab) -> Figures:
    """Take differences between stored runs of one program."""
    found = [section for section in sections(lab.settings.results) if _counts(section)]
    for section in sorted(found, key=lambda each: _rank(each, lab.settings.device_name)):
        runs = accuracies(section)
        if figures := _figures(runs, section.runs[0].device_name):
            return figures
    raise LenetError("no two seeds of PyTorch, its twin and Flax are stored; `lenet-bench accuracy` trains them")


def _counts(section: Section) -> bool:
    run = section.runs[0]
    return not run.made_up and (run.precision, run.recipe) == ("fp32", LECTURE.name)


def _rank(section: Section, device: str) -> tuple[bool, int]:
    return section.runs[0].device_name != device, -len(section.runs)


def _figures(runs: PairedAccuracy, device: str) -> Figures | None:
    others = [each for each in runs.comparisons if each.title.startswith("flax:") and len(each.differences) > 1]
    if len(runs.baseline.runs) < 2 or not runs.control.differences or not others:
        return None
    other = max(others, key=lambda each: len(each.differences))
    return Figures(
        source=Source("stored training runs", device),
        program=runs.baseline.title,
        accuracies=[run.final_accuracy for run in runs.baseline.runs.values()],
        twins=list(runs.control.differences.values()),
        other=other.title,
        paired=list(other.differences.values()),
    )


def tell(figures: Figures) -> Told:
    """What the figures say."""
    largest = max(figures.unpaired)
    return Told(
        f"up to {100 * largest:.2f} points between a program and itself from another seed",
        f"One is {100 * largest:.2f} points more accurate than the other. (Both are {figures.program}; the seeds "
        "differ.)",
        f"{equivalence(figures.paired).sentence} ({figures.other} less {figures.program}, paired by seed.)",
        f"{len(figures.accuracies)} seeds, ten epochs ({figures.source.words}). {figures.program} from two different "
        f"seeds differs by more than {100 * MARGIN:.0f} point in {figures.beyond:.0%} of the pairs. From one seed but "
        f"started one unit in the last place away, it differs from itself by {points(min(figures.twins))} to "
        f"{points(max(figures.twins))} points; {figures.other} from the same seed by {points(min(figures.paired))} to "
        f"{points(max(figures.paired))}. Mean accuracy: "
        f"{words.percent(sum(figures.accuracies) / len(figures.accuracies))}.",
    )


MISTAKE = Mistake(
    "one_seed",
    "One seed",
    "Each side is trained once, and the difference of the two accuracies is the result.",
    (
        Thread(
            "pytorch/pytorch",
            29105,
            "A regression was reported: an F1 score of 0.757 with one version and of 0.738 with the next, a run each. "
            "A maintainer: train several and look at their mean and deviation, “one data point doesn't say enough”.",
        ),
        Thread(
            "gasteigerjo/ppnp",
            7,
            "Results could not be reproduced to the digit. The author runs a model a hundred times with varying seeds, "
            "and “any proper model evaluation should do this”.",
        ),
    ),
    "Accuracies are compared over several seeds, paired: a pair shares its initial parameters and its order. Two "
    "one-sided tests at ±1 point say equivalent, different or inconclusive, beside those of the baseline's twin.",
    ("bench/training/paired.py", "bench/stats/equivalence.py"),
    Figures,
    measure,
    tell,
)
