"""Blocks that nobody timed."""

from __future__ import annotations

from typing import Any

from bench.timing.block import Course


def course(*seconds: float, error: str = "", **more: Any) -> Course:
    warmups = more.pop("warmup_epoch_seconds", [])
    return Course({"start_seconds": 1.0}, 9.0, warmups, list(seconds), [s / 10 for s in seconds], error=error, **more)
