"""What an operating system does not allow is said: on Windows instead of a failed import, elsewhere in the results."""

from __future__ import annotations

import os
import sys

import pytest

from bench.base import system
from bench.timing import stability
from command import finished, with_fakes

SENTENCE = "This suite does not run on Windows itself; install and run it in WSL, the Windows Subsystem for Linux."

AS_WINDOWS = """
import sys
import asyncio, multiprocessing.connection, subprocess, tempfile  # these ask sys.platform
import filelock, numpy, psutil, pytest, rich.console, typer.main
for name in ("resource", "fcntl", "pwd", "grp", "termios"):  # what Windows lacks
    sys.modules[name] = None
sys.platform = "win32"
"""
ENDS = {
    "lenet-bench": "from bench.cli.app import main; sys.argv = ['lenet-bench', 'check', 'pytorch']; main()",
    "pytest bench": "sys.exit(pytest.main(['-s', 'bench', '--quick']))",
    "the kit": "sys.exit(pytest.main(['-s', '--pyargs', 'lenet_parity_conformance']))",
}


@pytest.mark.slow
@pytest.mark.parametrize("program", ENDS)
def test_windows_is_told_in_one_sentence(program: str) -> None:
    done = finished([sys.executable, "-c", AS_WINDOWS + ENDS[program]], env=with_fakes(), timeout=120)
    assert done.returncode == (2 if program == "lenet-bench" else 4), done.stdout + done.stderr
    assert SENTENCE in done.stderr
    assert "Traceback" not in done.stdout + done.stderr


def test_a_system_that_cannot_bind_to_cores_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    assert system.cannot_bind() is None
    assert stability.complaints_at_start("cpu", 0.0) == []
    monkeypatch.delattr(os, "sched_setaffinity")
    monkeypatch.setattr(sys, "platform", "darwin")
    [said] = stability.complaints_at_start("cpu", 0.0)
    assert said.startswith("macOS cannot bind a process to cores")
