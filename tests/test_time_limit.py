"""A test that waits for ever fails with a traceback; what it started from outside is killed, children and all."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import psutil
import pytest

from command import finished, run_module, with_fakes
from command_output import said

WAITS = """
import threading
def test_waits(): threading.Event().wait()
def test_goes_on(): pass
"""

STARTS = """
import subprocess, sys, time
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
print("child", child.pid, flush=True)
time.sleep(600)
"""


def test_a_test_that_waits_fails_and_the_next_one_runs(tmp_path: Path) -> None:
    (tmp_path / "test_it.py").write_text(WAITS)
    options = ("-p", "time_limit", "-p", "no:cacheprovider", "--rootdir", str(tmp_path), str(tmp_path))
    done = run_module("pytest", *options, timeout=60, LENET_TEST_LIMIT="0.5")
    assert done.returncode == 1, said(done)
    assert "still waiting after 0.5 s" in done.stdout
    assert "threading.Event().wait()" in done.stdout
    assert "1 failed, 1 passed" in done.stdout


def test_a_command_that_does_not_end_is_killed_with_its_children() -> None:
    with pytest.raises(pytest.fail.Exception, match=r"did not end within 2 s; it said:\nchild (\d+)") as failed:
        finished([sys.executable, "-c", STARTS], env=with_fakes(), timeout=2)
    pid = int(str(failed.value).split("child ")[-1].split()[0])
    until = time.monotonic() + 10
    while psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE:
        assert time.monotonic() < until
        time.sleep(0.05)
