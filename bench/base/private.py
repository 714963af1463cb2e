"""Text without places on somebody's disk: results are sent to others, and a path names its owner."""

from __future__ import annotations

import re
from typing import Any

_PART = r"[^\s/'\"`,;()<>|]+"
_REST = r"[^\s'\"`,;()<>|]*"
"""Up to the end of a path: a space or a mark of punctuation."""

HOME = re.compile(
    rf"(?<!\w\w)/(?:home|Users)/{_PART}{_REST}"
    rf"|(?<![\w./])~[A-Za-z_][\w.-]*/{_REST}"
    rf"|(?<!\w)[A-Za-z]:\\(?i:users)\\{_REST}"
)
"""A home folder, and what is in it."""

ABSOLUTE = re.compile(
    rf"\bfile:/{_REST}"
    rf"|(?<![\w.)\]}}~/…+-])/(?!/){_PART}/{_REST}"  # two folders: a slash may also mean "per"
    rf"|(?<!\w)[A-Za-z]:\\{_REST}"
    rf"|(?<![\w\\])\\\\[\w.$-]+\\{_REST}"
)
"""An absolute path, POSIX's or Windows's. An address on the web is none."""

MASK = "(path)"
"""Stands for a path, as in `bench.base.environment`."""


def masked(text: str) -> str:
    """The text with `MASK` for every absolute path and every home folder."""
    return ABSOLUTE.sub(MASK, HOME.sub(MASK, text))


def without_paths(value: Any) -> Any:
    """A value of JSON's with every text in it `masked`; names of keys stay."""
    match value:
        case str():
            return masked(value)
        case dict():
            return {key: without_paths(item) for key, item in value.items()}
        case list() | tuple():
            return [without_paths(item) for item in value]
    return value
