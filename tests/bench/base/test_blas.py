"""The oracle is computed by one thread of NumPy's, unless the user says otherwise."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from bench.base.blas import one_thread
from command import ROOT

PROGRAM = """
import os, sys, runpy
sys.argv = ["lenet-bench", "compare", "--help"]
try:
    {start}
except SystemExit:
    print("numpy" in sys.modules, os.environ["OPENBLAS_NUM_THREADS"])
"""


@pytest.mark.slow
@pytest.mark.parametrize(
    "start",
    ["runpy.run_module('bench.cli', run_name='__main__')", "import lenet_parity_start as s; s.lenet_bench()"],
)
@pytest.mark.parametrize("asked", ["", "3"])
def test_the_command_computes_with_one_thread(start: str, asked: str) -> None:
    env = {"PYTHONPATH": str(ROOT)} | ({"OPENBLAS_NUM_THREADS": asked} if asked else {})
    command = [sys.executable, "-c", PROGRAM.format(start=start)]
    done = subprocess.run(command, env=env, capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.splitlines()[-1] == f"True {asked or '1'}"


def test_what_the_user_says_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENBLAS_NUM_THREADS", "3")
    one_thread()
    assert os.environ["OPENBLAS_NUM_THREADS"] == "3"
