"""Backends for devices that nobody has, named as anyone's are: ``other_devices:Abacus``."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from typing import Any, ClassVar

from fakes import Sound
from impls.contract import Activity, Probe
from impls.errors import DeviceUnavailableError

JOULES_A_SECOND = 20.0


class AbacusProbe(Probe):
    """Knows the abacus: its name, its driver, who else uses it, and a meter."""

    def matrix_product(self, size: int) -> Callable[[], None]:
        return partial(time.sleep, 0.001)

    def copy(self, elements: int) -> Callable[[], None]:
        return partial(time.sleep, 0.001)

    def peak_bytes(self) -> int | None:
        return 1024

    def activity(self, run: Callable[[], object]) -> Activity | None:
        return None

    def device_name(self) -> str | None:
        return "Abacus 3000"

    def driver(self) -> str | None:
        return "7.1"

    def energy_joules(self) -> float | None:
        return JOULES_A_SECOND * time.monotonic()

    def foreign_processes(self) -> list[int] | None:
        return [4242]


class Abacus(Sound):
    """Runs on an abacus, and would on a slide rule, which is not there."""

    devices: ClassVar[tuple[str, ...]] = ("slide-rule", "abacus:0", "cpu")

    def __init__(self, *, device: str, **more: Any) -> None:
        if device == "slide-rule":
            raise DeviceUnavailableError("There is no slide rule in this drawer.")
        super().__init__(device="cpu", **more)

    def probe(self) -> Probe | None:
        return AbacusProbe()


class Unknown(Sound):
    """Runs on a chip of which its probe says nothing."""

    devices: ClassVar[tuple[str, ...]] = ("chip", "abacus:0")

    def __init__(self, *, device: str, **more: Any) -> None:
        super().__init__(device="cpu", **more)


class OnlyHere(Unknown):
    devices: ClassVar[tuple[str, ...]] = ("slate",)


class Misnamed(Unknown):
    devices: ClassVar[tuple[str, ...]] = ("My Chip",)


class Missing(Abacus):
    devices: ClassVar[tuple[str, ...]] = ("slide-rule",)
