"""Which device a run uses: what was asked for, checked, or the first one on which every backend starts.

What only a backend can tell is asked of it in a process of its own (`bench.worker.try_devices`).
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.base import launch
from bench.base.nvidia import VISIBLE, gpu_name
from impls import registry
from impls.contract.device import check_device_name, require_device
from impls.errors import DeviceUnavailableError
from impls.registry import Choice

AUTO = "auto"

NODES = ("kfd", "dri", "dxg", "accel*", "vfio/[0-9]*")
"""What Linux has in /dev for AMD's GPUs, Intel's, those of Windows under WSL, and TPUs."""


@dataclass(frozen=True)
class Device:
    """The device of a run.

    Attributes:
        name: as ``--device`` takes it.
        called: its name for people, from a backend's probe; None where the harness knows it or nobody does. Where a
            probe names the device, NVIDIA's driver is not asked.
        driver: version of its driver, from the probe.
        foreign: ids of other processes that compute on it, from the probe.
    """

    name: str
    called: str | None = None
    driver: str | None = None
    foreign: tuple[int, ...] = ()


def resolve(name: str, choices: Sequence[Choice], *, precision: str = "fp32", timeout: float = 300.0) -> Device:
    """The device to run these variants on.

    All variants of a run are measured on one device. "auto" is the first of the first class's ``devices`` on which all
    of them start. Where that can only be the CPU, and where a device is known without asking, no process is started.

    Args:
        name: a device, or "auto".
        choices: the variants; where there are none, only the name is checked.
        precision: that they must offer there.
        timeout: seconds that a backend may take to start on all of its devices.

    Raises:
        LenetError: no device can have this name.
        DeviceUnavailableError: a variant does not run on it, or it is not there, or none suits all variants.
    """
    known = {choice.label: registry.devices_of(choice) for choice in choices}
    if name != AUTO:
        check_device_name(name)
        for label, devices in known.items():
            if devices:
                require_device(label, devices, name)
        if name == "cpu" or (name == "cuda" and gpu_name()):
            return Device(name)
        if name == "cuda" and not accelerator_possible():
            _no_nvidia_gpu()
    elif all(known.values()) and not accelerator_possible():
        for label, devices in known.items():
            require_device(label, devices or (), "cpu")
        return Device("cpu")
    return _tried(name, choices, precision, timeout)


def accelerator_possible(dev: Path = Path("/dev")) -> bool:
    """Whether PyTorch or JAX could have a device here beside the CPU: cheap to ask, and never wrong about a "no"."""
    return bool(sys.platform != "linux" or gpu_name() or any(any(dev.glob(node)) for node in NODES))


def _no_nvidia_gpu() -> None:
    if (listed := os.environ.get(VISIBLE)) is not None:
        raise DeviceUnavailableError(
            f"{VISIBLE}={listed!r} leaves no NVIDIA GPU of this machine visible; unset it, or use --device cpu."
        )
    raise DeviceUnavailableError("This machine has no NVIDIA GPU that its driver can see; use --device cpu.")


def _tried(name: str, choices: Sequence[Choice], precision: str, timeout: float) -> Device:
    """The first device on which all variants start; each class is asked in a process of its own."""
    if not choices:
        return Device("cuda" if gpu_name() else "cpu") if name == AUTO else Device(name)
    candidates: list[str] | None = None if name == AUTO else [name]
    found: dict[str, Device] = {}
    classes = list({choice.target: choice for choice in choices}.values())
    for choice in classes:
        answer = _ask(choice, candidates, precision, first=len(classes) == 1, timeout=timeout)
        if answer is None:
            # It cannot even be asked. The run's own worker says why, in its usual words.
            return Device(candidates[0] if candidates else "cpu")
        if not answer["works"]:
            if answer["refuses"]:
                raise DeviceUnavailableError(" ".join(dict.fromkeys(answer["refuses"])))
            return Device(answer["tried"][-1])
        for each in answer["works"]:
            found.setdefault(each["name"], Device(**{**each, "foreign": tuple(each["foreign"])}))
        works = [each["name"] for each in answer["works"]]
        candidates = [each for each in candidates if each in works] if candidates else works
    if not candidates:
        labels = ", ".join(choice.label for choice in choices)
        raise DeviceUnavailableError(f"No device here suits all of {labels}; measure them in separate runs.")
    return found[candidates[0]]


def _ask(
    choice: Choice, candidates: list[str] | None, precision: str, *, first: bool, timeout: float
) -> dict[str, Any] | None:
    """What `bench.worker.try_devices` prints; None where it came to no answer."""
    question = {
        "backend": choice.backend,
        "target": choice.target,
        "variant": choice.variant,
        "candidates": candidates,
        "precision": precision,
        "first": first,
    }
    command = launch.command("bench.worker.try_devices", json.dumps(question))
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, check=True, timeout=timeout, stdin=subprocess.DEVNULL
        )
        answer: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    except (OSError, subprocess.SubprocessError, ValueError, IndexError):
        return None
    return answer
