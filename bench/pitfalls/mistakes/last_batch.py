"""A smaller last batch: kept by one, dropped by the other, or averaged as if it were as large as the rest."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from bench.base.splits import splits
from bench.pitfalls import words
from bench.pitfalls.lab import SOUND, Lab, choice
from bench.pitfalls.mistake import Mistake, Thread, Told
from bench.stats.equivalence import difference_interval, points
from bench.stats.student import Interval
from bench.worker.variant import Subject
from impls.data import Split
from impls.spec import LECTURE

BATCH = 128
"""Does not divide 50,000 images, nor 10,000."""
SEEDS = 3
COMPILED = "flax:jit"
"""Compiles a step for every size of batch."""


@dataclass(frozen=True)
class Figures:
    """Accuracies and their differences are fractions.

    Attributes:
        seeds: that both ways were trained from.
        dropped: of the training images, in every epoch.
        training: accuracy without the last batch less with it, after the recipe's last epoch.
        accuracy: of one trained network, over all test images.
        of_means: the mean of its batches' accuracies, the last and smaller one counted as much as the others.
        without_last: over the whole batches alone.
        compile_seconds: how much longer the first step of the smaller size takes than its second, in Flax.
        step_seconds: the latter.
    """

    seeds: int
    dropped: int
    training: Interval
    accuracy: float
    of_means: float
    without_last: float
    compile_seconds: float
    step_seconds: float


def measure(lab: Lab) -> Figures:
    """Train with the last batch and without it; classify the test split in batches; compile for two sizes."""
    size = lab.settings.train_size
    test = splits(lab.settings.root, lab.settings.synthetic)[1]
    kept: list[float] = []
    dropped: list[float] = []
    evaluated = (0.0, 0.0, 0.0)
    for seed in range(SEEDS):
        lab.say(f"a smaller last batch: seed {seed}")
        for keep, found in ((True, kept), (False, dropped)):
            with Subject(choice(SOUND), replace(lab.settings, seed=seed), LECTURE) as subject:
                _train(subject, seed, size, keep=keep)
                found.append(subject.evaluate()[1])
                if keep and seed == 0:
                    evaluated = _evaluated(subject, test)
    first, second = _compile(lab)
    accuracy, of_means, without_last = evaluated
    return Figures(
        seeds=SEEDS,
        dropped=size % BATCH,
        training=difference_interval([one - other for one, other in zip(dropped, kept, strict=True)]),
        accuracy=accuracy,
        of_means=of_means,
        without_last=without_last,
        compile_seconds=first - second,
        step_seconds=second,
    )


def batches(order: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """An order (N,) as whole batches (steps, `BATCH`) and what is left, (1, rest); rest may be 0."""
    whole = len(order) // BATCH * BATCH
    return order[:whole].reshape(-1, BATCH), order[whole:].reshape(1, -1)


def _train(subject: Subject, seed: int, size: int, *, keep: bool) -> None:
    for epoch in range(LECTURE.epochs):
        whole, rest = batches(np.random.default_rng([seed, epoch]).permutation(size))
        subject.worker.call("train_epoch", whole, LECTURE.lr(epoch))
        if keep and rest.size:
            subject.worker.call("train_epoch", rest, LECTURE.lr(epoch))


def _evaluated(subject: Subject, test: Split) -> tuple[float, float, float]:
    """Accuracy over all images, as the mean of batches, and without the last batch."""
    accuracy, size = subject.evaluate()[1], len(test)
    steps, rest = divmod(size, BATCH)
    if not rest or not steps:
        return accuracy, accuracy, accuracy
    without_last: float = subject.worker.call("accuracy_on", test.head(steps * BATCH))
    last = (accuracy * size - without_last * steps * BATCH) / rest
    return accuracy, (steps * without_last + last) / (steps + 1), without_last


def _compile(lab: Lab) -> tuple[float, float]:
    """Seconds of the first and the second step of a smaller size, once a step of the usual size is compiled."""
    lab.say(f"a smaller last batch: {COMPILED}")
    order = np.arange(BATCH)
    with lab.subjects(lab.timing, COMPILED) as (subject,):
        subject.worker.call("train_epoch", order.reshape(1, -1), LECTURE.lr(0))
        smaller = order[: BATCH // 2].reshape(1, -1)
        calls = [subject.worker.call("train_epoch", smaller, LECTURE.lr(0)) for _ in range(2)]
    return float(calls[0].seconds), float(calls[1].seconds)


def tell(figures: Figures) -> Told:
    """What the figures say."""
    means, without = figures.of_means - figures.accuracy, figures.without_last - figures.accuracy
    return Told(
        f"{points(means)} points of accuracy as a mean of batches, {points(without)} without the last batch; "
        f"{words.seconds(figures.compile_seconds)} of compilation",
        f"A mean of batches says {words.percent(figures.of_means)}, and who drops the last batch says "
        f"{words.percent(figures.without_last)}, of the same network.",
        f"It classifies {words.percent(figures.accuracy)} of the test images. Trained without the last batch, accuracy "
        f"differs by {words.difference(figures.training)}.",
        f"{SOUND} in batches of {BATCH}, ten epochs from {figures.seeds} seeds, with the last {figures.dropped} images "
        f"of every epoch as a smaller batch and without them. In {COMPILED} the first step of another size takes "
        f"{words.seconds(figures.compile_seconds)} longer than the second, which takes "
        f"{words.seconds(figures.step_seconds)}: a step is compiled for every size of batch.",
    )


MISTAKE = Mistake(
    "last_batch",
    "A smaller last batch",
    "The size of the batch does not divide the number of images. One side keeps the smaller last batch, the other "
    "drops it, often because it would be compiled for; and accuracies of batches are averaged as if all were of one "
    "size.",
    (
        Thread(
            "mlcommons/training",
            89,
            "A reference implementation averaged the accuracies of 195 batches of 128 and of a last one of 40, which "
            "counted three times as much. It could decide whether the target was reached.",
        ),
        Thread(
            "google/uncertainty-baselines",
            303,
            "An evaluation left out the partial last batch: with the default size of 512, 272 of 10,000 test images.",
        ),
        Thread(
            "Lightning-AI/litgpt",
            794,
            "The last batch is dropped so that its other size does not make torch.compile compile again.",
            pull=True,
        ),
    ),
    "The shuffle refuses a size of batch that does not divide the split, so that no batch is dropped or short. An "
    "accuracy is counted over all test images, from the classes that the backend gives out.",
    ("impls/spec/order.py", "bench/worker/serve.py"),
    Figures,
    measure,
    tell,
)
