"""A badge for a project's page, as an endpoint file that shields.io draws."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

COLORS = {"equivalent": "brightgreen", "different": "red", "inconclusive": "yellow"}
NOT_CHECKED = "lightgrey"
"""The color of a badge without a verdict."""


def badge(found: Mapping[str, Any]) -> dict[str, Any]:
    """The endpoint's content, https://shields.io/badges/endpoint-badge: it allows no other keys than its own.

    Args:
        found: what a check found, as its JSON has it.
    """
    verdict = found["verdict"]
    judged = verdict in COLORS
    made_up = ["made-up images"] if found["synthetic"] else []  # no badge may pass them off as CIFAR-10
    return {
        "schemaVersion": 1,
        "label": f"LeNet parity v{found['spec']}",
        "message": ", ".join([verdict, found["precision"], *made_up]) if judged else verdict,
        "color": COLORS.get(verdict, NOT_CHECKED),
    }
