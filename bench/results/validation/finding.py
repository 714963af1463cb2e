"""One thing that is wrong with a folder of results."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Finding:
    """What is wrong, and where.

    Attributes:
        file: path within the folder; "." is the folder itself.
        key: of the value, as a JSON path, or the line of a text; empty for the file as a whole.
        what: is wrong, and what to do about it, without a full stop.
    """

    file: str
    key: str
    what: str

    def __str__(self) -> str:
        place = f"{self.file}, {self.key}" if self.key else self.file
        return f"{place}: {self.what}."
