"""Names of devices, and what a backend says of the devices that it runs on."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from impls.errors import DeviceUnavailableError, LenetError

DEVICES = ("cuda", "cpu")
"""What a backend runs on if it says nothing else. ``auto`` tries them in this order, so a GPU comes before the CPU."""

NAME = re.compile(r"[a-z0-9:_-]+")


def check_device_name(name: str) -> None:
    """Make sure that this can be a device's name.

    Raises:
        LenetError: it cannot.
    """
    if not NAME.fullmatch(name):
        raise LenetError(
            f"{name!r} cannot be the name of a device; such a name has small letters, digits, ':', '_' and '-' only."
        )


def devices_of(owner: str, devices: Any) -> tuple[str, ...]:
    """A backend's ``devices``, checked.

    Args:
        owner: what messages call the backend.
        devices: the class attribute, whatever it is.

    Raises:
        LenetError: it is no tuple of devices' names, is empty, or has "auto" among them.
    """
    if not isinstance(devices, tuple | list) or not devices or not all(isinstance(each, str) for each in devices):
        raise LenetError(f"{owner} has devices = {devices!r}; it must be a tuple of the names of devices.")
    for each in devices:
        check_device_name(each)
    if "auto" in devices:
        raise LenetError(f"{owner} calls a device 'auto'; that name stands for the first device that works.")
    return tuple(devices)


def require_device(owner: str, devices: Sequence[str], device: str) -> None:
    """Make sure that a backend runs on a device.

    Raises:
        DeviceUnavailableError: it does not; the sentence lists those it runs on.
    """
    if device not in devices:
        raise DeviceUnavailableError(
            f"{owner} does not run on a device {device!r}; it runs on {' or '.join(devices)} (--device)."
        )
