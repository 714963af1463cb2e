"""What timed epochs are compared with: the baseline's own training, and how far correct runs of it drift apart.

After some hundred steps, two correct programs no longer agree to the last bits: roundings decide which of two nearly
equal pixels is the maximum, and the optimizer carries that forward. So no fixed tolerance would do. Twins show how far
apart correct runs are: the baseline trains again from initial parameters that are a little away (`nudged_bits`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from bench.parity.noise import SAFETY
from bench.timing.trained import Trained
from impls.reference.rounding import MANTISSA_BITS

EPSILON = float(np.finfo(np.float32).eps)
LEAST_LOSS = 8 * EPSILON
"""Relative distance below which two losses count as equal: a loss is the mean of some hundred float32 terms."""
NUDGE = 6
"""Twins are nudged by 2 to this power units in the last place of float32.

That is how far sums of some hundred terms may be off if they are added one by one. One unit is too little: it seldom
changes which pixel of a pool is the maximum, so that in a short run no twin shows what a single such change does to the
parameters. A sound backend that met one was 150 times farther away than is allowed.
"""


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
        """Every comparison of an epoch: its share, its place, and the sentence for a difference; the losses first."""
        true, name = self.runs[0][number], f"epoch {number + 1}"
        apart, allowed = _relative(trained, true), self._allowed(number, _loss_distance, LEAST_LOSS)
        beyond = np.flatnonzero(~(apart <= allowed.distance))
        step = int(beyond[0]) if len(beyond) else int(np.argmax(apart))
        yield (
            allowed.share(float(apart.max())),
            f"loss of step {step + 1} of {name}",
            f"in {name}, the loss of step {step + 1} is {trained.losses[step]:.6g}, and {self.baseline} has "
            f"{true.losses[step]:.6g}: they differ by {apart[step]:.2g}, and {self._apart(allowed)}",
        )
        for parameter, value in true.params.items():
            distance = _distance_in(parameter)
            allowed = self._allowed(number, distance, EPSILON * _rms(value))
            found = distance(trained, true)
            yield (
                allowed.share(found),
                f"{parameter} after {name}",
                f"after {name}, {parameter} differs from that of {self.baseline} by {found:.2g} (root mean square), "
                f"and {self._apart(allowed)}",
            )

    def _apart(self, allowed: Allowed) -> str:
        return (
            f"correct runs of {self.baseline}, from parameters nudged by a rounding error, differ by at most "
            f"{allowed.farthest:.2g} ({allowed.distance:.2g} is allowed)"
        )

    def _allowed(self, number: int, distance: Callable[[Trained, Trained], float], least: float) -> Allowed:
        """How far a correct run may be from the baseline up to the end of this epoch.

        The distance of the two runs that are farthest apart, times the factor by which pairs of runs scatter, times
        `bench.parity.noise.SAFETY` because they are few, as in `bench.parity.twins.envelope`. All steps of an epoch are
        allowed the same: it is luck at which step a run first meets a rounding that decides, and a handful of twins
        does not show it. For the same reason distances do not shrink again in later epochs.
        """
        pairs = [max(least, *(distance(a[n], b[n]) for n in range(number + 1))) for a, b in combinations(self.runs, 2)]
        farthest, nearest = max(pairs), min(pairs)
        return Allowed(SAFETY * farthest * (farthest / nearest), farthest)


def nudged_bits(precision: str) -> int:
    """After how many bits of the mantissa twins are nudged: one unit of products in that precision, 64 of float32's."""
    return min(MANTISSA_BITS["fp32"] - NUDGE, MANTISSA_BITS[precision])


def _relative(a: Trained, b: Trained) -> np.ndarray:
    """Distance of the losses of each step, relative to the second."""
    return np.abs(a.losses.astype(np.float64) / b.losses - 1)


def _loss_distance(a: Trained, b: Trained) -> float:
    return float(_relative(a, b).max())


def _distance_in(parameter: str) -> Callable[[Trained, Trained], float]:
    """Distance in one parameter: the root of the mean square over its elements."""
    return lambda a, b: _rms(a.params[parameter].astype(np.float64) - b.params[parameter])


def _rms(x: np.ndarray) -> float:
    return float(np.sqrt(np.mean(np.square(x, dtype=np.float64))))
