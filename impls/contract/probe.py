"""What a framework can say of the device under it: its limits, its memory, and how busy it was."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Activity:
    """What a device did for a while.

    Attributes:
        busy_seconds: length of the union of the intervals in which any kernel or copy ran.
        kernels: how many kernels were executed; copies and fills of memory are none. A captured graph executes all of
            its kernels and is launched once.
    """

    busy_seconds: float
    kernels: int

    @classmethod
    def of(cls, intervals: Iterable[tuple[float, float]], kernels: int) -> Activity:
        """From the (begin, end) in seconds of every kernel and copy, in any order; they may overlap."""
        busy, until = 0.0, float("-inf")
        for begin, end in sorted(intervals):
            busy += max(0.0, end - max(begin, until))
            until = max(until, end)
        return cls(busy, kernels)

    @classmethod
    def of_events(cls, events: Iterable[tuple[str, float, float]]) -> Activity:
        """From the (name, begin, end) of every kernel and copy, in seconds, named as CUPTI's callers name them."""
        found = list(events)
        kernels = sum(not name.lower().startswith(("memcpy", "memset")) for name, _, _ in found)
        return cls.of([(begin, end) for _, begin, end in found], kernels)


class Probe(ABC):
    """Measurements of a device that need the framework; what each method gives back, the harness times or reports."""

    @abstractmethod
    def matrix_product(self, size: int) -> Callable[[], None]:
        """A function that multiplies two ``size`` x ``size`` matrices in the backend's precision.

        It returns when the device is idle. The operands are the same in every call; the first call may compile.
        """

    @abstractmethod
    def copy(self, elements: int) -> Callable[[], None]:
        """A function that copies ``elements`` float32 from one place of the device's memory to another.

        It reads and writes 4 bytes for each, and returns when the device is idle. The first call may compile.
        """

    @abstractmethod
    def peak_bytes(self) -> int | None:
        """The most device memory that this process has held at once, this probe's own included.

        It is the framework's own count; None on a CPU, or where there is no count.
        """

    @abstractmethod
    def activity(self, run: Callable[[], object]) -> Activity | None:
        """What the device did during ``run``, from the framework's own profiler.

        Args:
            run: returns when the device is idle. On a CPU it is not called.

        Returns:
            None on a CPU.
        """

    def wait(self) -> None:  # noqa: B027  optional
        """Optional: return when the device has done all that the framework gave it.

        Of a framework that computes within each call there is nothing to wait for, and this does nothing.
        """

    def device_name(self) -> str | None:
        """Optional: the device's name for people, e.g. "Apple M4 Max GPU".

        None of processors and NVIDIA's GPUs, which the harness asks itself, or where nothing is known. Where there is a
        name, the rest of NVIDIA's driver is not asked either.
        """
        return None

    def driver(self) -> str | None:
        """Optional: the version of the device's driver."""
        return None

    def energy_joules(self) -> float | None:
        """Optional: joules that the device has used since some fixed moment, from a counter and never estimated."""
        return None

    def foreign_processes(self) -> list[int] | None:
        """Optional: ids of other processes that compute on the device; None where that cannot be known."""
        return None
