"""On which of its devices does a backend start, and what does its probe say of them?

Run by `bench.base.devices` as ``python -m bench.worker.try_devices QUESTION``; prints the answer as JSON.
"""

from __future__ import annotations

import contextlib
import json
import os
import sys
from collections.abc import Callable
from typing import Any

from impls import registry
from impls.contract import Backend
from impls.contract.device import devices_of, require_device
from impls.errors import DeviceUnavailableError


def try_devices(question: dict[str, Any]) -> dict[str, Any]:
    """Start the backend on one device after the other.

    Args:
        question: ``backend``, ``target`` and ``variant`` of a `impls.registry.Choice`; ``candidates``, names of devices
            or None for the class's own; ``precision``; ``first``, whether the first device that works is enough.

    Returns:
        ``tried``, the names in order; ``works``, for each device that works its ``name``, and from the probe
        ``called``, ``driver`` and ``foreign``; ``refuses``, a sentence for each device that is not there.
    """
    choice = registry.Choice(question["backend"], question["target"], question["variant"])
    cls = registry.load(choice)
    devices = devices_of(choice.label, cls.devices)
    candidates = question["candidates"] or list(devices)
    answer: dict[str, Any] = {"tried": candidates, "works": [], "refuses": []}
    for device in candidates:
        try:
            require_device(choice.label, devices, device)
            variant = choice.variant or cls.variants[0]
            backend = cls(variant=variant, device=device, precision=question["precision"])
        except DeviceUnavailableError as error:
            answer["refuses"].append(str(error))
            continue
        except Exception:  # the run's own worker will say it, with the trace
            continue
        answer["works"].append({"name": device, **_described(backend)})
        if question["first"]:
            break
    return answer


def _described(backend: Backend) -> dict[str, Any]:
    """What the probe says of the device; None or nothing where it says nothing or fails."""

    def asked(question: Callable[[Any], Any]) -> Any:
        with contextlib.suppress(Exception):
            probe = backend.probe()
            return question(probe) if probe else None
        return None

    name, driver = asked(lambda probe: probe.device_name()), asked(lambda probe: probe.driver())
    foreign = asked(lambda probe: sorted(map(int, probe.foreign_processes() or [])))
    return {
        "called": str(name) if name else None,
        "driver": str(driver) if driver else None,
        "foreign": [pid for pid in foreign or [] if pid != os.getpid()],
    }


def main() -> None:
    """Answer, and end without waiting for a framework's threads."""
    answer = try_devices(json.loads(sys.argv[1]))
    print(f"\n{json.dumps(answer)}", flush=True)
    os._exit(0)


if __name__ == "__main__":
    main()
