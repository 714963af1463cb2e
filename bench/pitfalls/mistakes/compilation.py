"""The first epoch's compilation in the mean."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import median

from bench.pitfalls import words
from bench.pitfalls.committed import Source, full_run
from bench.pitfalls.lab import Lab
from bench.pitfalls.mistake import Mistake, Thread, Told
from bench.stats.ratio import Ratio, paired_ratio

FLAX, PYTORCH = "flax:tuned", "pytorch:tuned"
FEW, MANY = 3, 10
"""Epochs that a mean is taken of."""


@dataclass(frozen=True)
class Figures:
    """Of a stored run.

    Attributes:
        source: where they come from.
        first_flax: seconds of Flax's first epoch, a median over processes.
        steady_flax: seconds of its steady epochs, a median.
        first_pytorch: likewise of PyTorch.
        steady_pytorch: likewise.
        few: the mean of Flax's first `FEW` epochs over that of PyTorch's.
        many: the same of the first `MANY`.
        steady: Flax over PyTorch, steady epochs alone.
    """

    source: Source
    first_flax: float
    steady_flax: float
    first_pytorch: float
    steady_pytorch: float
    few: Ratio
    many: Ratio
    steady: Ratio


def measure(lab: Lab) -> Figures:
    """Take means of stored epochs, with and without the first."""
    run = full_run(lab, [FLAX, PYTORCH])
    flax, pytorch = run.processes(FLAX), run.processes(PYTORCH)
    both = sorted(flax.keys() & pytorch.keys())

    def of_means(epochs: int) -> Ratio:
        return paired_ratio([flax[n].mean(epochs) for n in both], [pytorch[n].mean(epochs) for n in both], both)

    return Figures(
        source=run.source,
        first_flax=median(each.first for each in flax.values()),
        steady_flax=run.middle(FLAX),
        first_pytorch=median(each.first for each in pytorch.values()),
        steady_pytorch=run.middle(PYTORCH),
        few=of_means(FEW),
        many=of_means(MANY),
        steady=run.ratio(FLAX, PYTORCH),
    )


def tell(figures: Figures) -> Told:
    """What the figures say."""

    def process(name: str, first: float, steady: float) -> str:
        return f"{name}'s first epoch took {words.seconds(first)} and its steady ones {words.seconds(steady)}"

    flax = process("Flax", figures.first_flax, figures.steady_flax)
    pytorch = process("PyTorch", figures.first_pytorch, figures.steady_pytorch)
    return Told(
        f"Flax's time over PyTorch's is {figures.few.value:#.3g} as a mean of {FEW} epochs, {figures.many.value:#.3g} "
        f"of {MANY}, {figures.steady.value:#.3g} in steady ones",
        f"Over {FEW} epochs, {words.faster(figures.few, 'Flax', 'PyTorch')}.",
        f"{words.faster(figures.steady, 'Flax', 'PyTorch')} once it is compiled, and its first epoch takes "
        f"{words.seconds(figures.first_flax - figures.steady_flax)} longer than the others.",
        f"{FLAX} and {PYTORCH} of a stored run ({figures.source.words}). {flax}; {pytorch}. Means are of each process' "
        "first epoch, its second and its steady ones; ratios are paired by block.",
    )


MISTAKE = Mistake(
    "compilation",
    "The first epoch's compilation in the mean",
    "One clock stands around all epochs, and their number divides it. Compilation is in the first, so the mean says "
    "how many epochs were run.",
    (
        Thread(
            "jax-ml/jax",
            1832,
            "A comparison with PyTorch finds JAX slow. A maintainer: with %timeit -r 1 -n 1 it may measure nothing but "
            "compilation.",
        ),
        Thread(
            "keras-team/keras-core",
            630,
            "The first epoch takes almost twice as long as the others. The maintainer: that is compilation, and "
            "PyTorch, which is not compiled, does not show it.",
            pull=True,
        ),
    ),
    "The first epoch of a fresh process has a column of its own, and the second counts as a warm-up. Only those that "
    "follow are steady epochs. A second epoch that is much longer than these was compiled again, and the row says so.",
    ("bench/timing/block.py", "bench/timing/stability.py"),
    Figures,
    measure,
    tell,
)
