"""Figures from the benchmark runs that are stored already."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean, median

from bench.pitfalls.lab import Lab
from bench.results.load import Device
from bench.stats.ratio import Ratio, paired_ratio
from impls.errors import LenetError


@dataclass(frozen=True)
class Source:
    """Where stored figures come from.

    Attributes:
        file: of the results, or what there are of training runs.
        device: in words.
        commit: of the code that measured them; empty where several did.
        date: ISO 8601, to the day; empty likewise.
    """

    file: str
    device: str
    commit: str = ""
    date: str = ""

    @property
    def words(self) -> str:
        """All of it, for a sentence."""
        return ", ".join(each for each in (self.file, self.device, self.commit and f"commit {self.commit}") if each)


@dataclass(frozen=True)
class Process:
    """Seconds of a variant's epochs in one block, that is in one process.

    Attributes:
        first: of the first epoch, compilation and all.
        second: of the second, which the harness counts as a warm-up.
        steady: the mean of those that follow.
    """

    first: float
    second: float
    steady: float

    def mean(self, epochs: int) -> float:
        """The mean of so many epochs from the first on, 2 at least, as a loop with one clock around it has it."""
        return (self.first + self.second + (epochs - 2) * self.steady) / epochs


@dataclass(frozen=True)
class FullRun:
    """The variants of one stored run, timed in turn."""

    device: Device

    @property
    def source(self) -> Source:
        """Where its figures come from."""
        run = self.device.runs[-1]
        return Source(f"{run.path.parent.name}/{run.path.name}", self.device.name, run.commit, run.date[:10])

    def middle(self, label: str) -> float:
        """The median of a variant's steady epochs, seconds."""
        return float(median(self.device.variants[label].get("epoch", "epoch_seconds")))

    def ratio(self, one: str, other: str) -> Ratio:
        """Seconds of an epoch of one variant over those of another, with the interval over blocks."""
        return paired_ratio(*self._paired(one, other))

    def ratio_by_rounds(self, one: str, other: str) -> Ratio:
        """The same with an interval that takes every round for a replicate, as one should not."""
        a, b, _ = self._paired(one, other)
        return paired_ratio(a, b, range(len(a)))

    def processes(self, label: str) -> dict[int, Process]:
        """A variant's processes, by block.

        Raises:
            LenetError: the run has not the first and second epoch of every one of them.
        """
        rounds = self._rounds(label)
        firsts: list[float] = self.device.variants[label].get("first epoch", "first_epoch_seconds", [])
        seconds: list[float] = self.device.variants[label].get("epoch", "warmup_epoch_seconds", [])
        if not len(rounds) == len(firsts) == len(seconds):
            raise LenetError(f"{self.source.file} lacks the first or second epoch of a process of {label}.")
        steady = ((number, fmean(each)) for number, each in rounds.items())
        return {n: Process(a, b, mean) for (n, mean), a, b in zip(steady, firsts, seconds, strict=True)}

    def _rounds(self, label: str) -> dict[int, list[float]]:
        variant = self.device.variants[label]
        found: dict[int, list[float]] = {}
        for number, value in zip(variant.get("epoch", "blocks"), variant.get("epoch", "epoch_seconds"), strict=True):
            found.setdefault(number, []).append(value)
        return found

    def _paired(self, one: str, other: str) -> tuple[list[float], list[float], list[int]]:
        """Rounds of both that were run beside each other, and the block of each."""
        first, second = self._rounds(one), self._rounds(other)
        pairs = [
            (a, b, number)
            for number in first.keys() & second.keys()
            for a, b in zip(first[number], second[number], strict=False)
        ]
        return [a for a, _, _ in pairs], [b for _, b, _ in pairs], [number for _, _, number in pairs]


def full_run(lab: Lab, labels: Sequence[str]) -> FullRun:
    """The stored run with the most variants, these among them; one of this device before one of another.

    Raises:
        LenetError: there is none.
    """
    found = [
        device
        for device in lab.devices
        if device.precision == "fp32"
        and not device.quick
        and not device.data.startswith("synthetic")
        and all(label in device.timed and _blocks(device, label) > 1 for label in labels)
    ]
    if not found:
        wanted = ", ".join(labels)
        raise LenetError(f"no stored run of several blocks timed {wanted}; `make bench` makes one")
    return FullRun(max(found, key=lambda each: (each.name == lab.settings.device_name, len(each.timed))))


def _blocks(device: Device, label: str) -> int:
    return len(set(device.variants[label].get("epoch", "blocks", [])))
