"""Signals that end a run: SIGINT (Ctrl-C), SIGTERM and SIGHUP.

Each raises `Interrupted` in the main thread, so that a run ends as with Ctrl-C: its workers are stopped, and what was
measured is kept. Python itself handles SIGINT only, and not even that if the signal was ignored when the process
started, as it is with ``&`` in a script and with some runners. Our handlers replace that.

SIGHUP is different: if it was ignored when the process started, it stays ignored. That is what ``nohup`` asks for, and
a run under ``nohup`` survives the end of its terminal. ``kill -INT`` and ``kill -TERM`` still end it.
"""

from __future__ import annotations

import contextlib
import signal
import sys
import threading
import time
from collections.abc import Iterator
from types import FrameType

NAMES = ("SIGINT", "SIGTERM", "SIGHUP")

TYPERS_CODE = 130
"""What Typer makes of a `KeyboardInterrupt`, whatever the signal."""

SAME_SECONDS = 1.0
"""A signal that follows another within this time is the same wish: a closing terminal sends SIGHUP twice."""


class Interrupted(KeyboardInterrupt):
    """A signal ended the run.

    Attributes:
        number: of the signal.
    """

    def __init__(self, number: int) -> None:
        self.number = number
        super().__init__(f"Ended by {signal.Signals(number).name}; everything stored before is kept.")

    @property
    def exit_code(self) -> int:
        """What a shell reports of a program that a signal ended: 128 and the signal's number."""
        return 128 + self.number


class Handlers:
    """Our handlers, as long as they are installed.

    Attributes:
        interrupted: the first signal that came, as it was raised; None before.
    """

    def __init__(self) -> None:
        self.interrupted: Interrupted | None = None
        self._before: dict[int, object] = {}
        self._raised_at = float("-inf")

    def install(self) -> None:
        """Install them; does nothing in a thread that is not the main one, where Python handles no signal."""
        if threading.current_thread() is not threading.main_thread():
            return
        for name in NAMES:
            number = getattr(signal, name, None)
            if number is None or (name == "SIGHUP" and signal.getsignal(number) == signal.SIG_IGN):
                continue
            self._before[number] = signal.signal(number, self._handle)

    def restore(self) -> None:
        """Put back what was there before."""
        for number, before in self._before.items():
            signal.signal(number, before if before is not None else signal.SIG_DFL)  # type: ignore[arg-type]
        self._before.clear()

    def _handle(self, number: int, frame: FrameType | None) -> None:
        if (now := time.monotonic()) - self._raised_at < SAME_SECONDS:
            return
        self._raised_at, interrupted = now, Interrupted(number)
        self.interrupted = self.interrupted or interrupted
        raise interrupted


@contextlib.contextmanager
def ends_by_signal() -> Iterator[None]:
    """Have the three signals end the program inside: with one sentence, and with 128 and the number as exit code."""
    handlers = Handlers()
    handlers.install()
    try:
        yield
    except (Interrupted, SystemExit) as ended:
        interrupted = handlers.interrupted
        if interrupted is None or (isinstance(ended, SystemExit) and ended.code != TYPERS_CODE):
            raise
        print(interrupted, file=sys.stderr)
        raise SystemExit(interrupted.exit_code) from None
    finally:
        handlers.restore()
