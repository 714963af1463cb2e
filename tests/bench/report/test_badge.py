"""A badge is what shields.io's endpoint takes, and claims no more than was checked."""

from __future__ import annotations

import pytest

from bench.report.badge import badge
from made_up_checks import found

ALLOWED = {
    *("schemaVersion", "label", "message", "color", "labelColor", "isError", "namedLogo", "logoSvg", "logoColor"),
    *("logoSize", "style", "cacheSeconds"),
}
"""Keys that shields.io takes; it refuses a file with any other (services/endpoint-common.js)."""

NAMED = {"brightgreen", "green", "yellowgreen", "yellow", "orange", "red", "lightgrey", "blue"}


@pytest.mark.parametrize(
    ("more", "message", "color"),
    [
        ({}, "equivalent, fp32", "brightgreen"),
        ({"precision": "bf16"}, "equivalent, bf16", "brightgreen"),
        ({"verdict": "different"}, "different, fp32", "red"),
        ({"verdict": "inconclusive"}, "inconclusive, fp32", "yellow"),
        ({"verdict": "not checked", "error": "it was interrupted"}, "not checked", "lightgrey"),
        ({"synthetic": 400}, "equivalent, fp32, made-up images", "brightgreen"),
    ],
)
def test_a_badge(more: dict[str, object], message: str, color: str) -> None:
    made = badge(found(**more))
    assert made == {"schemaVersion": 1, "label": "LeNet parity v2", "message": message, "color": color}
    assert made.keys() <= ALLOWED
    assert made["color"] in NAMED
