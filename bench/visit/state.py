"""How far a visit has come, on disk after every step."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Self

from bench.base import files
from impls.errors import LenetError

SCHEMA = 1
DONE, FAILED, INTERRUPTED = "done", "failed", "interrupted"

TRIES = 3
"""A step is given up when it has failed, or was stopped without having stored anything, this many times."""


@dataclass
class Progress:
    """How far one step has come.

    Attributes:
        status: "done", "failed", or "interrupted" (started but not finished).
        exit_code: the exit code of its command; None if it was stopped.
        seconds: how long it has run, over all tries.
        tries: how many times it was started.
        idle: how many times in a row it was stopped without having stored anything.
    """

    status: str
    exit_code: int | None = None
    seconds: float = 0.0
    tries: int = 0
    idle: int = 0

    @property
    def over(self) -> bool:
        """Whether the step will not be started again."""
        return self.status == DONE or (self.status == FAILED and self.tries >= TRIES)


@dataclass
class State:
    """A visit.

    Attributes:
        options: the options that the visit was started with.
        steps: the progress of every step that was started, by name.
        archived: SHA-256 of every file already archived, by its path inside the folder of results.
        slices: the number of archives written.
    """

    options: dict[str, Any]
    steps: dict[str, Progress] = field(default_factory=dict)
    archived: dict[str, str] = field(default_factory=dict)
    slices: int = 0

    @classmethod
    def resumed(cls, path: Path, options: dict[str, Any]) -> Self:
        """Read a visit's state, or start a new one if there is no file.

        Raises:
            LenetError: the file cannot be read, or the visit was started with other options.
        """
        if not path.exists():
            return cls(options)
        try:
            values = json.loads(path.read_text())
            if values["schema"] != SCHEMA:
                raise ValueError(f"its schema is {values['schema']}, this version reads {SCHEMA}")
            steps = {name: Progress(**step) for name, step in values["steps"].items()}
            found = cls(values["options"], steps, dict(values["archived"]), int(values["slices"]))
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise LenetError(f"{path} cannot be read ({error}); delete it to start the visit again.") from error
        if changed := [name for name in options | found.options if found.options.get(name) != options.get(name)]:
            raise LenetError(
                f"The visit in {path.parent} was started with other options ({', '.join(changed)}); give the same ones "
                "to continue, or another --machine to start a new visit."
            )
        return found

    def write(self, path: Path) -> None:
        """Write the state to a file, atomically."""
        files.write(path, json.dumps({"schema": SCHEMA, **asdict(self)}, indent=1) + "\n")
