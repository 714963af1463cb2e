"""A file that gets the same lines as the terminal, each as it comes, so that a long check can be followed."""

from __future__ import annotations

import contextlib
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Self, cast

from rich.console import Console

from bench.report import escape
from impls.errors import LenetError

WIDTH = 160
"""Characters of a table in a log; other lines are as long as they are."""


class Log:
    """A log, open for as long as a command runs. What the file held before stays.

    A disk that fills up costs the rest of the log, and nothing else.

    Args:
        path: the file; its folder is made where there is none.

    Attributes:
        console: writes to the file, and each line is there before the next thing is done.
        problem: why lines are missing; empty where none are.

    Raises:
        LenetError: it cannot be written.
    """

    def __init__(self, path: Path) -> None:
        self.path, self.problem = path, ""
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._file = path.open("a", encoding="utf-8")
        except OSError as error:
            raise LenetError(f"{path} cannot be written ({error.strerror}); give --log another place.") from error
        self.console = Console(
            file=cast(IO[str], self),  # it has what rich asks of a file
            width=WIDTH,
            emoji=False,
            force_terminal=False,
            color_system=None,
        )

    def head(self, text: str) -> None:
        """A line with the date and the time, from which on the lines are of one more run."""
        now = datetime.now(UTC).isoformat(timespec="seconds")
        self.console.print(escape.terminal_line(f"{now} {text}"), soft_wrap=True)

    def write(self, text: str) -> int:
        """Write to the file; after a failure, nothing more."""
        if not self.problem:
            try:
                self._file.write(text)
                self._file.flush()
            except OSError as error:
                self.problem = f"{self.path} is not complete: {error.strerror}."
        return len(text)

    def flush(self) -> None:
        """Nothing is ever left to be flushed."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        """Close the file; how a run ended early is its last line."""
        if error is not None:
            said = str(error) if isinstance(error, LenetError) else f"it ended early ({type(error).__name__})"
            self.console.print(escape.terminal(f"error: {said}"), soft_wrap=True)
        with contextlib.suppress(OSError):  # what is left after a write that failed
            self._file.close()
