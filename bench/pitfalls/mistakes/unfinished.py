"""Returning before the device is idle: the clock stops when the work has been handed over, and not when it is done."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import median

from bench.pitfalls import words
from bench.pitfalls.lab import PLANTED, Lab, block_ratio
from bench.pitfalls.mistake import Mistake, Thread, Told
from bench.stats.ratio import Ratio

BLOCKS = 3
FLAX, PYTORCH = "flax:tuned", "pytorch:tuned"
PLANT = f"{PLANTED}.not_waiting:NotWaiting"


@dataclass(frozen=True)
class Figures:
    """Of an epoch of `images` made-up images.

    Attributes:
        images: in an epoch.
        clocked: seconds that the clock shows of Flax that does not wait, a median.
        true: seconds of Flax that waits, a median.
        unfinished: seconds of work that were left when the clock stopped, a median.
        wrong: Flax that does not wait over PyTorch.
        right: Flax that waits over PyTorch.
        refusal: what the harness says of the program that does not wait; empty if it found nothing.
    """

    images: int
    clocked: float
    true: float
    unfinished: float
    wrong: Ratio
    right: Ratio
    refusal: str


def measure(lab: Lab) -> Figures:
    """Time Flax with and without its wait beside PyTorch."""
    blocks = lab.blocks([PYTORCH, FLAX, PLANT], BLOCKS)
    planted = [each.courses[PLANT] for each in blocks]
    return Figures(
        images=lab.timing.train_size,
        clocked=median(second for course in planted for second in course.epoch_seconds),
        true=median(second for each in blocks for second in each.courses[FLAX].epoch_seconds),
        unfinished=median(second for course in planted for second in course.unfinished_seconds),
        wrong=block_ratio(blocks, PLANT, PYTORCH),
        right=block_ratio(blocks, FLAX, PYTORCH),
        refusal=next((course.error for course in planted if course.error), ""),
    )


def tell(figures: Figures) -> Told:
    """What the figures say."""
    left = f"{words.seconds(figures.unfinished)} of work were left when the clock stopped"
    said = "the harness found nothing to refuse"
    if figures.refusal:
        said = f"the harness refused it: “{figures.refusal.rstrip('.')}”"
    return Told(
        f"an epoch of {words.seconds(figures.true)} is clocked at {words.seconds(figures.clocked)}",
        f"{words.faster(figures.wrong, 'Flax', 'PyTorch')}.",
        f"{words.faster(figures.right, 'Flax', 'PyTorch')}.",
        f"{FLAX} with and without its last line, block_until_ready, and {PYTORCH}, in turn in {BLOCKS} blocks of fresh "
        f"processes, on {figures.images:,} made-up images, on a CPU: JAX dispatches asynchronously there too. {left} "
        f"(median); {said}.",
    )


MISTAKE = Mistake(
    "unfinished",
    "Returning before the device is idle",
    "A framework that dispatches asynchronously returns as soon as the work is queued. A clock that stops there has "
    "timed the queueing.",
    (
        Thread(
            "jax-ml/jax",
            4474,
            "The cross product of two 10,000 × 10,000 matrices on a CPU took 58 s in NumPy, 65 s in TensorFlow and "
            "0.034 s in JAX. The answer: wait for the result (block_until_ready). It worked.",
        ),
        Thread(
            "jax-ml/jax",
            19327,
            "Two orders of a product's arguments were timed once more. A maintainer: in the meantime JAX "
            "dispatches asynchronously on a CPU too, and the clock had measured the dispatch.",
        ),
        Thread(
            "TristanBilot/mlx-benchmark",
            21,
            "A benchmark's figures of NVIDIA GPUs were “implausibly fast”: without torch.cuda.synchronize a matrix "
            "product took 0.03, with it 1.36.",
            pull=True,
        ),
    ),
    "The contract has an epoch return when its device is idle, and the clock stands around that call alone. After "
    "every epoch the harness reads the parameters twice. Where the first read takes longer in every round, and does "
    "not after a single step and a pause, the device was still at work, and the variant's rows are refused.",
    ("impls/contract/backend.py", "bench/worker/timed_epoch.py", "bench/worker/idle.py", "bench/timing/waiting.py"),
    Figures,
    measure,
    tell,
)
