"""The bare script, `bench.measure.bare_loop`, as a process that trains when asked."""

from __future__ import annotations

import select
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Self

import numpy as np

from bench.measure.process import WorkerError, worker_environment
from impls.data import Split

SCRIPT = Path(__file__).with_name("bare_loop.py")


class BareLoop:
    """The bare script, running.

    Args:
        train: the images it trains on.
        threads: cores that it uses.
        timeout: seconds that an answer may take.
    """

    def __init__(self, train: Split, *, threads: int, timeout: float) -> None:
        self.timeout = timeout
        self._folder = tempfile.TemporaryDirectory(prefix="bare-loop-")
        files = [str(Path(self._folder.name) / f"{name}.npy") for name in ("images", "labels")]
        for file, array in zip(files, (train.images, train.labels), strict=True):
            np.save(file, array)
        self._process = subprocess.Popen(
            [sys.executable, str(SCRIPT), *files, str(threads)],
            env=worker_environment(threads),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            start_new_session=True,
            text=True,
            bufsize=1,
        )

    def train(self, steps: int) -> float:
        """Seconds of the next ``steps`` steps.

        Raises:
            WorkerError: it ended, or took too long.
        """
        assert self._process.stdin
        assert self._process.stdout
        try:
            self._process.stdin.write(f"{steps}\n")
            ready, _, _ = select.select([self._process.stdout], [], [], self.timeout)
            return float(self._process.stdout.readline() if ready else "")
        except (OSError, ValueError) as error:
            raise WorkerError("The bare PyTorch loop gave no time; see its output above.") from error

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self._process.kill()
        self._process.communicate()
        self._folder.cleanup()
