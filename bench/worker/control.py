"""Which bare loop is the control of a run: PyTorch's, or NumPy's where PyTorch is not installed."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from impls import registry

PYTORCH_DEVICES = ("cpu", "cuda", "mps", "xpu")
"""Kinds of device that PyTorch can be told to run on."""


@dataclass(frozen=True)
class Control:
    """A bare loop.

    Attributes:
        name: what rows of results call it. Times relative to one control say nothing about times relative to another.
        script: its file.
    """

    name: str
    script: Path


PYTORCH = Control("PyTorch loop", Path(__file__).with_name("bare_loop.py"))
NUMPY = Control("NumPy loop", Path(__file__).with_name("bare_loop_numpy.py"))


def control(device: str) -> Control:
    """The control on this machine for backends on a device.

    The NumPy loop always runs on the CPU. There it shows how fast the host was, and nothing of another device.
    """
    known = device.partition(":")[0] in PYTORCH_DEVICES
    return PYTORCH if known and not registry.not_installed(["torch"]) else NUMPY
