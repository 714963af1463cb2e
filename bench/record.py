"""What a row of results says of itself: `extra_info` under the names that every reader relies on.

Values are plain numbers, strings, lists and dicts of these: pytest-benchmark would silently write a NumPy scalar
as text.
"""

from __future__ import annotations

from typing import Any

from bench.measure.machine import device_name
from bench.measure.subject import Subject
from bench.parity.verdict import Report
from bench.settings import Settings

SCHEMA = 1
"""Version of the names and meanings below; a reader refuses a version that it does not know."""


def common(kind: str, settings: Settings, subject: Subject, report: Report) -> dict[str, Any]:
    """The keys that every row has.

    Args:
        kind: "agreement", "first epoch", "epoch", "evaluation", "training" or "overhead".
        settings: of the run.
        subject: what was measured.
        report: what the ladder said of it in this run.
    """
    return {
        "schema": SCHEMA,
        "kind": kind,
        "backend": subject.choice.backend,
        "variant": subject.info["variant"],
        "device": settings.device,
        "device_name": device_name(settings.device, settings.threads),
        "precision": settings.precision,
        "threads": settings.threads,
        "recipe": subject.recipe.name,
        "batch_size": subject.recipe.batch_size,
        "seed": settings.seed,
        "quick": settings.quick,
        "data_fingerprint": subject.info["data_fingerprint"],
        "versions": subject.info["versions"],
        "verdict": report.verdict,
        "first_failed_rung": report.first_failed_rung,
    }
