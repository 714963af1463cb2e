"""What timed epochs are compared with: the baseline's own training, and how far correct runs of it drift apart.

After some hundred steps, two correct programs no longer agree to the last bits: roundings decide which of two nearly
equal pixels is the maximum, and the optimizer carries that forward. So no fixed tolerance would do. Twins show how far
apart correct runs are: the baseline trains again from initial parameters that are a little away (`nudged_bits`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import combinations
from statistics import median

import numpy as np

from bench.parity.noise import SAFETY
from bench.timing.trained import Trained
from impls.reference.rounding import MANTISSA_BITS

EPSILON = float(np.finfo(np.float32).eps)
LEAST_LOSS = 8 * EPSILON
"""Relative distance below which two losses count as equal: a loss is the mean of some hundred float32 terms."""
FIRST_STEPS = 8
"""Steps of the first epoch in which the same distance is allowed."""
NUDGE = 6
"""Twins are nudged by 2 to this power units in the last place of float32.

That is how far sums of some hundred terms may be off if they are added one by one. One unit is too little: it seldom
changes which pixel of a pool is the maximum, so that in a short run no twin shows what a single such change does to the
parameters. A sound backend that met one was 150 times farther away than is allowed.
"""


Distance = Callable[[Trained, Trained], float]


@dataclass(frozen=True)
class Finding:
    """What the comparison of one variant's epochs found.

    Attributes:
        epochs: how many were compared.
        share: the largest part of an allowed distance that was used. Over 1 is a difference, and so is NaN.
        where: the comparison that used it, in words.
        difference: one sentence that says what differs first; empty where nothing does.
    """

    epochs: int
    share: float
    where: str
    difference: str = ""


@dataclass(frozen=True)
class Allowed:
    """How far a correct run may be from the baseline.

    Attributes:
        distance: the most that is allowed.
        farthest: the distance of the two runs of the baseline that are farthest apart.
    """

    distance: float
    farthest: float

    def share(self, distance: float) -> float:
        """The part that a distance uses; infinite where it is not a number."""
        return distance / self.distance if np.isfinite(distance) else np.inf


@dataclass(frozen=True)
class Standard:
    """The baseline's training and that of its twins.

    Attributes:
        baseline: label of the variant that trained.
        runs: the epochs of each run, in order: first from the initial parameters, then from nudged ones.
    """

    baseline: str
    runs: list[list[Trained]]

    @property
    def epochs(self) -> int:
        """How many epochs there are to compare with."""
        return min(map(len, self.runs))

    @property
    def twins(self) -> int:
        """How many runs began from nudged parameters."""
        return len(self.runs) - 1

    def compare(self, training: list[Trained]) -> Finding:
        """Compare a training, epoch by epoch from the initial parameters, as far as both go."""
        epochs = min(len(training), self.epochs)
        found = [each for number in range(epochs) for each in self._of_epoch(number, training[number])]
        share, where, _ = max(found, key=lambda each: each[0], default=(0.0, "", ""))
        return Finding(epochs, share, where, next((sentence for used, _, sentence in found if used > 1), ""))

    def _of_epoch(self, number: int, trained: Trained) -> Iterator[tuple[float, str, str]]:
        """Every comparison of an epoch: its share, its place, and the sentence for a difference; the losses first.

        Single losses show the step; their mean shows what chance cancels in and a wrong rate does not.
        """
        true, name = self.runs[0][number], f"epoch {number + 1}"
        apart = np.abs(_relative(trained, true))
        for first, end in stretches(len(apart), number):
            allowed = self._allowed(number, _farthest_loss, LEAST_LOSS, end)
            beyond = np.flatnonzero(~(apart[first:end] <= allowed.distance))
            step = first + int(beyond[0] if len(beyond) else np.argmax(apart[first:end]))
            yield (
                allowed.share(float(apart[first:end].max())),
                f"loss of step {step + 1} of {name}",
                f"in {name}, the loss of step {step + 1} is {trained.losses[step]:.6g}, and {self.baseline} has "
                f"{true.losses[step]:.6g}: they differ by {apart[step]:.2g}, and {self._apart(allowed)}",
            )
        allowed, found = self._allowed(number, _mean_loss, LEAST_LOSS, scatter=SAFETY), _mean_loss(trained, true)
        yield (
            allowed.share(found),
            f"mean loss of {name}",
            f"in {name}, the mean loss is {trained.losses.mean(dtype=np.float64):.6g}, and {self.baseline} has "
            f"{true.losses.mean(dtype=np.float64):.6g}: losses differ by {found:.2g} on average, and "
            f"{self._apart(allowed)}",
        )
        for parameter, value in true.params.items():
            distance = _distance_in(parameter)
            allowed = self._allowed(number, distance, EPSILON * _median_size(value))
            found = distance(trained, true)
            yield (
                allowed.share(found),
                f"{parameter} after {name}",
                f"after {name}, {parameter} differs from that of {self.baseline} by {found:.2g} (median), "
                f"and {self._apart(allowed)}",
            )

    def _apart(self, allowed: Allowed) -> str:
        return (
            f"correct runs of {self.baseline}, from parameters nudged by a rounding error, differ by at most "
            f"{allowed.farthest:.2g} ({allowed.distance:.2g} is allowed)"
        )

    def _allowed(
        self, number: int, distance: Distance, least: float, steps: int | None = None, scatter: float = np.inf
    ) -> Allowed:
        """How far a correct run may be from the baseline in an epoch, up to one of its steps; None is the last.

        The distance of the two runs that are farthest apart, times the factor by which it is beyond the median
        pair, times `bench.parity.noise.SAFETY` because they are few, as in `bench.parity.twins.envelope`. Runs
        that have parted come close again only by chance, so that a distance counts for what follows as well. Of
        a mean, which is small where differences cancel by luck, scatter counts up to ``scatter``.
        """
        pairs = []
        for a, b in combinations(self.runs, 2):
            before = [distance(a[n], b[n]) for n in range(number)]
            pairs.append(max(least, *before, distance(_until(a[number], steps), _until(b[number], steps))))
        farthest, middle = max(pairs), median(pairs)
        return Allowed(SAFETY * farthest * min(farthest / middle, scatter), farthest)


def stretches(steps: int, number: int) -> Iterator[tuple[int, int]]:
    """The steps of an epoch in parts in which the same distance is allowed, each (first, end).

    It is luck at which step a run first meets a rounding that decides, and a handful of twins does not show it. So
    steps are not taken one by one. In the first epoch, where runs begin as one, each part is as long as all before it.
    """
    first, end = 0, steps if number else min(FIRST_STEPS, steps)
    while first < steps:
        yield first, end
        first, end = end, min(2 * end, steps)


def _until(trained: Trained, steps: int | None) -> Trained:
    return Trained(trained.losses[:steps], trained.params)


def nudged_bits(precision: str) -> int:
    """After how many bits of the mantissa twins are nudged: one unit of products in that precision, 64 of float32's."""
    return min(MANTISSA_BITS["fp32"] - NUDGE, MANTISSA_BITS[precision])


def _relative(a: Trained, b: Trained) -> np.ndarray:
    """Difference of the losses of each step, relative to the second."""
    return a.losses.astype(np.float64) / b.losses - 1


def _farthest_loss(a: Trained, b: Trained) -> float:
    return float(np.abs(_relative(a, b)).max())


def _mean_loss(a: Trained, b: Trained) -> float:
    return abs(float(_relative(a, b).mean()))


def _distance_in(parameter: str) -> Distance:
    """Distance in one parameter: the median of the absolute differences of its elements.

    Not their mean or the mean of their squares. Whether a hidden unit that hardly ever fires does so may depend on a
    rounding, and Adam then moves its weights and its bias by whole learning rates: more than all others together.
    """
    return lambda a, b: _median_size(a.params[parameter].astype(np.float64) - b.params[parameter])


def _median_size(x: np.ndarray) -> float:
    return float(np.median(np.abs(x)))
