"""Names that become folders: which ones a machine's folder of results may have."""

from __future__ import annotations

import re

from impls.errors import LenetError

FOLDERS = ("lecture", "speed", "repeats", "pitfalls")
"""Folders of ours within a folder of results, each with a folder for each machine in it."""

RESERVED = (*FOLDERS, "README.md", "index.html")
"""Names within a folder of results that are not a machine's."""

LONGEST = 100
"""Characters; file systems allow 255 bytes, and archives of a visit are named after the machine."""

RULE = (
    f"give up to {LONGEST} letters, digits, dots, dashes, underscores and spaces, the first a letter or a digit, "
    "the last no dot or space"
)
_ALLOWED = re.compile(r"[^\W_](?:[\w. -]*[\w-])?")


def mistake_in_machine(name: str) -> str | None:
    """What is wrong with the name of a machine's folder, in words; None where nothing is.

    The rule keeps the folder inside the folder of results (no ``..``, no separators), visible, and out of the way of
    options (no leading dash) and of our own folders.
    """
    if len(name) > LONGEST or not _ALLOWED.fullmatch(name):
        return RULE
    if name.casefold() in {reserved.casefold() for reserved in RESERVED}:
        return "lenet-bench uses that name itself; give another one"
    return None


def check_machine(name: str) -> str:
    """The name, if a machine's folder may have it.

    Raises:
        LenetError: it may not; the sentence says what is allowed.
    """
    if wrong := mistake_in_machine(name):
        raise LenetError(f"--machine {name!r} cannot be the name of a folder of results: {wrong}.")
    return name
