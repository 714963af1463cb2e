"""Devices as JAX names them. This module chooses one and trains nothing."""

from __future__ import annotations

import os

import jax

from impls.errors import DeviceUnavailableError

DEVICES = ("cuda", "tpu", "cpu")
"""NVIDIA's GPUs, Google's TPUs and the processor, by the names of JAX's platforms. A TPU was never used."""

INSTALL = {"cuda": "install the project's extra [cuda], or ", "tpu": "install jax[tpu] on a machine with a TPU, or "}


def device_named(name: str) -> jax.Device:
    """A device that is there.

    Raises:
        DeviceUnavailableError: it is not.
    """
    if name == "cpu" and "JAX_PLATFORMS" not in os.environ:
        jax.config.update("jax_platforms", "cpu")  # leaves an accelerator alone that is not asked for
    try:
        return jax.devices(name)[0]
    except RuntimeError as error:
        raise DeviceUnavailableError(
            f"JAX finds no {name} device ({str(error).splitlines()[0]}); {INSTALL.get(name, '')}use --device cpu."
        ) from error


def name_of(device: jax.Device) -> str | None:
    """What the harness cannot find out by itself; None of NVIDIA's GPUs and of processors. Never run."""
    return None if device.platform in ("cpu", "gpu") else str(device.device_kind)


def driver_of(device: jax.Device) -> str | None:
    """What the platform says of its version; None where the harness knows better. Never run."""
    return None if device.platform in ("cpu", "gpu") else " ".join(str(device.client.platform_version).split())
