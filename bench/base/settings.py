"""What was asked of a benchmark run."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench.base import cores, devices, names
from bench.base import machine as machines
from bench.base.devices import Device
from impls import registry
from impls.errors import LenetError
from impls.registry import Choice
from impls.spec import LECTURE, Recipe

BASELINE = "pytorch:eager"
"""The variant that others are compared with."""

WITHOUT_FRAMEWORK = "reference:float32"
"""The variant that others are compared with where `BASELINE` cannot run."""

PLAIN_LOOP = "pytorch:lecture"
"""The variant that a user would write without any of this; every row says how it compares with that as well."""


def usual_baseline(label: str = BASELINE) -> str:
    """This baseline, or `WITHOUT_FRAMEWORK` where what it needs is not installed."""
    return WITHOUT_FRAMEWORK if registry.lacking(registry.choices(label)[0]) else label


def idiomatic(label: str) -> str:
    """The variant that a framework's tuned ones are to be held against: the first of its built-in ones."""
    backend = label.partition(":")[0]
    entry = registry.BUILT_IN.get(backend)
    return f"{backend}:{entry.variants[0]}" if entry else label


@dataclass(frozen=True)
class Settings:
    """A run's settings, checked.

    Attributes:
        choices: the variants to measure.
        device: as ``--device`` takes it, one that all choices run on.
        precision: "fp32", "tf32" or "bf16", or another that a backend offers.
        threads: cores that every worker is bound to.
        quick: one block, two epochs of training, no variant known to be slow.
        blocks: how many times every variant is started anew and timed.
        seed: of initial parameters and order.
        timeout: seconds that one call of a backend's method may take.
        memory: bytes that a worker may keep resident; None for nine tenths of what is free when it starts.
        results: folder of all results.
        machine: folder of this machine's results in there.
        root: where CIFAR-10 is kept; None for the default.
        synthetic: 0 for CIFAR-10, else the number of made-up training images to use instead.
        left_out: labels of variants that were not asked for by name and are left out, with the reason.
        option_prefix: what the options that allow more are called before "timeout" and "memory".
        against: labels of the variants that all others are compared with; they are always timed beside them.
        about: what the first backend's probe said of the device.
        stops_early: whether a variant leaves before the last block once its ratios are known (`bench.stats.stopping`);
            where somebody asks for so many blocks, it does not.
    """

    choices: list[Choice]
    device: str
    precision: str
    threads: int
    quick: bool
    seed: int
    timeout: float
    results: Path
    machine: str
    root: str | None = None
    synthetic: int = 0
    blocks: int = 4
    memory: int | None = None
    left_out: dict[str, str] = field(default_factory=dict)
    option_prefix: str = "--worker-"
    against: tuple[str, ...] = (BASELINE,)
    about: Device | None = None
    stops_early: bool = False

    @classmethod
    def checked(
        cls,
        choices: list[Choice],
        *,
        device: str = "auto",
        precision: str = "fp32",
        threads: int | None = None,
        quick: bool = False,
        blocks: int | None = None,
        seed: int = 0,
        timeout: float,
        memory: float | None = None,
        option_prefix: str = "--worker-",
        results: Path,
        machine: str | None = None,
        root: str | None = None,
        synthetic: int = 0,
        left_out: dict[str, str] | None = None,
        against: tuple[str, ...] = (BASELINE,),
    ) -> Settings:
        """Settings as a person gives them, with the defaults filled in; ``memory`` is in GiB here.

        Raises:
            LenetError: something is wrong with them, in one sentence.
        """
        available = cores.available_cores()
        threads = available if threads is None else threads
        if not 1 <= threads <= available:
            raise LenetError(f"--threads {threads} is not between 1 and the {cores.described()}.")
        if synthetic < 0 or synthetic % 200:
            raise LenetError(f"--synthetic {synthetic} is not a multiple of 200.")
        if timeout <= 0:
            raise LenetError(f"{option_prefix}timeout takes a positive number of seconds.")
        if memory is not None and memory <= 0:
            raise LenetError(f"{option_prefix}memory takes a positive number of GiB.")
        if blocks is not None and blocks < 1:
            raise LenetError(f"--blocks {blocks} is not 1 or more.")
        if seed < 0:
            raise LenetError(f"--seed {seed} is negative; seeds are 0 or more.")
        about = devices.resolve(device, choices, precision=precision, timeout=timeout)
        return cls(
            choices=choices,
            device=about.name,
            about=about,
            precision=precision,
            threads=threads,
            quick=quick,
            blocks=blocks or (1 if quick else 4),
            seed=seed,
            timeout=timeout,
            memory=None if memory is None else int(memory * 2**30),
            option_prefix=option_prefix,
            results=results,
            machine=(
                machines.folder_name(about.name, threads, about.called)
                if machine is None
                else names.check_machine(machine)
            ),
            root=root,
            synthetic=synthetic,
            left_out=left_out or {},
            against=against,
            stops_early=blocks is None and not quick,
        )

    @property
    def device_name(self) -> str:
        """The device in words."""
        return machines.device_name(self.device, self.threads, self.about.called if self.about else None)

    @property
    def train_size(self) -> int:
        """Images in the training split."""
        return self.synthetic or 50_000

    @property
    def recipe(self) -> Recipe:
        """What the training benchmark trains by."""
        return LECTURE.shortened(2) if self.quick else LECTURE

    def as_dict(self) -> dict[str, Any]:
        """What decides whether two runs measure the same, in plain values."""
        same = ("device", "precision", "threads", "quick", "blocks", "seed", "synthetic")
        found = {name: getattr(self, name) for name in same} | {"backends": [c.label for c in self.choices]}
        return found if self.against == (BASELINE,) else found | {"against": list(self.against)}

    def choice(self, label: str) -> Choice:
        """The variant to measure that has this label."""
        return next(choice for choice in self.choices if choice.label == label)
