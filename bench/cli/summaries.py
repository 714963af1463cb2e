"""The files that ``--summary`` names: Markdown goes to their end, and what they held before stays."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator, Sequence
from pathlib import Path

import typer

from bench.report.summary.text import Summary, failure, to_markdown
from impls.errors import LenetError

INTERRUPTED = "it was interrupted"


class Summaries:
    """Where a command's summary goes. A file that cannot be written is known before the work is done.

    Args:
        command: of ``lenet-bench``.
        paths: the files; none where none was asked for.

    Raises:
        LenetError: a file cannot be written, or is named twice.
    """

    def __init__(self, command: str, paths: Sequence[Path] = ()) -> None:
        self.command, self.paths, self._told = command, tuple(paths), False
        for path in self.paths:
            _ensure_writable(path)
        if len({os.path.abspath(path) for path in self.paths}) < len(self.paths):
            raise LenetError("--summary names the same file twice; give each a file of its own.")

    def add(self, summary: Summary) -> None:
        """Add a summary to the end of every file.

        Raises:
            LenetError: a file cannot be written; it holds what it held before. The others are written.
        """
        self._told = True
        text, problems = to_markdown(summary), []
        for path in self.paths:
            try:
                _append(path, text)
            except OSError as error:
                problems.append(str(_not_writable(path, error.strerror)))
        if problems:
            raise LenetError(" ".join(problems))

    @contextlib.contextmanager
    def telling_failures(self, about: str = "") -> Iterator[None]:
        """Add a summary that says why, if what is done inside ends before it has added one.

        Args:
            about: what the command was given, e.g. a backend's name.
        """
        try:
            yield
        except typer.Exit:
            raise
        except BaseException as error:
            if not self._told:
                with contextlib.suppress(LenetError):  # the error itself matters more
                    self.add(failure(self.command, about, _reason(error)))
            raise


def _reason(error: BaseException) -> str:
    if isinstance(error, LenetError):
        return str(error)
    return f"{type(error).__name__}: {error}" if isinstance(error, Exception) else INTERRUPTED


def _append(path: Path, text: str) -> None:
    """Add text to a file's end, behind an empty line; whole, or not at all where the disk is full."""
    handle = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o666)
    try:
        before = os.fstat(handle).st_size
        last = os.pread(handle, 1, before - 1) if before else b""
        rest = memoryview((("\n" if last == b"\n" else "\n\n" if before else "") + text).encode())
        try:
            while rest:
                rest = rest[os.write(handle, rest) :]
        except OSError:
            with contextlib.suppress(OSError):
                os.ftruncate(handle, before)
            raise
    finally:
        os.close(handle)


def _ensure_writable(path: Path) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _not_writable(path, error.strerror) from error
    if path.is_dir():
        raise _not_writable(path, "Is a directory")
    if not os.access(path if path.exists() else path.parent, os.W_OK):
        raise _not_writable(path, "Permission denied")


def _not_writable(path: Path, why: str | None) -> LenetError:
    return LenetError(f"{path} cannot be written ({why}); give --summary another place.")
