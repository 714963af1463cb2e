"""Run the suite from outside, as a user's shell does."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).parents[2]
"""Of the repository."""

SUPPORT = Path(__file__).parent
"""The folder of the tests' fakes; on PYTHONPATH they can be named as anybody's backends are, ``fakes:Sound``."""

Run = Callable[..., "subprocess.CompletedProcess[str]"]


def run_module(*args: str, timeout: float = 300, **env: str) -> subprocess.CompletedProcess[str]:
    """Run ``python -m ...`` from the repository, with the tests' fakes importable.

    Args:
        args: the module and its arguments.
        timeout: seconds.
        env: variables that are set beside those of the environment.
    """
    return subprocess.run(
        [sys.executable, "-m", *args],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), str(SUPPORT)]), **env},
        capture_output=True,
        text=True,
        timeout=timeout,
        check=False,
    )
