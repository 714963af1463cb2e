"""``DataLoader`` and ``.item()`` in one, resident data in the other."""

from __future__ import annotations

from dataclasses import dataclass

from bench.base.settings import BASELINE, PLAIN_LOOP
from bench.pitfalls import words
from bench.pitfalls.committed import Source, full_run
from bench.pitfalls.lab import Lab
from bench.pitfalls.mistake import Mistake, Thread, Told
from bench.stats.ratio import Ratio

FLAX, PYTORCH = "flax:tuned", "pytorch:tuned"


@dataclass(frozen=True)
class Figures:
    """Of a stored run.

    Attributes:
        source: where they come from.
        loop: seconds of an epoch of the plain PyTorch loop, a median.
        resident: seconds of the same in PyTorch eager with the data on the device.
        worth: the plain loop over PyTorch eager.
        wrong: Flax at its best over the plain PyTorch loop.
        right: Flax at its best over PyTorch at its best.
    """

    source: Source
    loop: float
    resident: float
    worth: Ratio
    wrong: Ratio
    right: Ratio


def measure(lab: Lab) -> Figures:
    """Divide stored epochs of loops that are fed in different ways."""
    run = full_run(lab, [PLAIN_LOOP, BASELINE, FLAX, PYTORCH])
    return Figures(
        source=run.source,
        loop=run.middle(PLAIN_LOOP),
        resident=run.middle(BASELINE),
        worth=run.ratio(PLAIN_LOOP, BASELINE),
        wrong=run.ratio(FLAX, PLAIN_LOOP),
        right=run.ratio(FLAX, PYTORCH),
    )


def tell(figures: Figures) -> Told:
    """What the figures say."""
    return Told(
        f"{words.times(figures.worth)} times the seconds of an epoch",
        f"{words.faster(figures.wrong, 'Flax', 'PyTorch')}.",
        f"{words.faster(figures.right, 'Flax', 'PyTorch')}, each at its best.",
        f"A stored run ({figures.source.words}). The loop as people write it ({PLAIN_LOOP}) decodes every image anew "
        f"and fetches every loss, and takes {words.seconds(figures.loop)}; the same PyTorch with the data resident "
        f"({BASELINE}) takes {words.seconds(figures.resident)}. The wrong headline holds {FLAX}, with its data "
        f"resident, against {PLAIN_LOOP}; the right one against {PYTORCH}.",
    )


MISTAKE = Mistake(
    "loader",
    "A data loader and .item() in one, resident data in the other",
    "One side is the tutorial's loop: images are decoded and transformed one by one, every batch is moved, every loss "
    "is fetched. The other has its data on the device. What is compared is the way of feeding.",
    (
        Thread(
            "Artur-Galstyan/jaxonloader",
            6,
            "A loader for JAX was shown to be much faster than PyTorch's; but PyTorch's also converted and normalised "
            "the images in that test. Without this the two were about equal, and the author removed the claim.",
        ),
    ),
    "Variants have names that say how they are fed, and every row is compared with three: PyTorch eager, the plain "
    "loop, and the same framework as its users write it.",
    ("bench/base/settings.py", "impls/pytorch/lecture.py", "bench/results/row.py"),
    Figures,
    measure,
    tell,
)
