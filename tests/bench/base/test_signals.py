"""SIGINT, SIGTERM and SIGHUP end a program with a sentence and an exit code, however it was started."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest

from bench.base.signals import Handlers, Interrupted
from under_way import started


@pytest.mark.parametrize("ignoring", [(), ("INT",), ("HUP",), ("INT", "HUP", "TERM")], ids=" ".join)
@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGHUP"])
def test_each_signal_ends_a_program_but_for_a_hang_up_that_nohup_ignores(
    tmp_path: Path, name: str, ignoring: tuple[str, ...]
) -> None:
    with started("waits_for_a_signal", str(tmp_path / "ready"), ignoring=ignoring) as run:
        run.wait_for((tmp_path / "ready").exists, seconds=60)
        if name == "SIGHUP" and "HUP" in ignoring:
            run.process.send_signal(signal.SIGHUP)
            name = "SIGTERM"
        output = run.end(signal.Signals[name], seconds=30)
    assert output == f"cleaning up\nclean\nEnded by {name}; everything stored before is kept.\n"
    assert run.returncode == 128 + signal.Signals[name]


def test_a_second_signal_does_not_interrupt_the_cleaning_up(tmp_path: Path) -> None:
    """A terminal that closes sends SIGHUP from the kernel and from the shell; systemd sends SIGTERM and SIGHUP."""
    with started("waits_for_a_signal", str(tmp_path / "ready")) as run:
        run.wait_for((tmp_path / "ready").exists, seconds=60)
        run.process.send_signal(signal.SIGHUP)
        run.wait_for(lambda: "cleaning up" in run.said())
        output = run.end(signal.SIGTERM, seconds=30)
    assert output == "cleaning up\nclean\nEnded by SIGHUP; everything stored before is kept.\n"
    assert run.returncode == 129


def test_what_was_handled_before_is_handled_again() -> None:
    before = signal.getsignal(signal.SIGTERM)
    handlers = Handlers()
    handlers.install()
    try:
        with pytest.raises(Interrupted):
            signal.raise_signal(signal.SIGTERM)
        assert handlers.interrupted is not None
        assert handlers.interrupted.exit_code == 143
    finally:
        handlers.restore()
    assert signal.getsignal(signal.SIGTERM) == before
