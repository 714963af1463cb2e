"""The bare script of a run's control, as a process that trains when asked."""

from __future__ import annotations

import select
import subprocess
import tempfile
from pathlib import Path
from typing import Self

import numpy as np

from bench.base import launch
from bench.worker.control import control
from bench.worker.process import WorkerError, worker_environment
from bench.worker.reaper import reaper
from impls.data import Split

DEVICES = ("cpu", "cuda")
"""What the control runs on."""


class BareProcess:
    """The bare script, running.

    Args:
        train: the images it trains on.
        device: as ``--device`` takes it; on one that is not in `DEVICES` nothing is started and `train` says so.
        threads: cores that it uses.
        precision: "fp32", "tf32" or "bf16".
        timeout: seconds that an answer may take.

    Attributes:
        control: which script it is.
    """

    def __init__(self, train: Split, *, device: str, threads: int, precision: str, timeout: float) -> None:
        self.timeout, self.control = timeout, control(device)
        self._process: subprocess.Popen[str] | None = None
        self._refusal = ""
        if device not in DEVICES:
            self._refusal = f"The bare loop runs on {' and '.join(DEVICES)} alone, and this is {device}."
            return
        self._folder = tempfile.TemporaryDirectory(prefix="bare-loop-")
        files = [self._file("images", train.images), self._file("labels", train.labels)]
        self._process = subprocess.Popen(
            launch.script(self.control.script, *files, device, str(threads), precision),
            env=worker_environment(threads),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            start_new_session=True,
            text=True,
            bufsize=1,
        )
        reaper().watch(self._process.pid)

    def _file(self, name: str, array: np.ndarray) -> str:
        """Where the script can read an array: the file that all of it is mapped from, or one of its own."""
        if isinstance(array, np.memmap) and array.filename and _holds(str(array.filename), array):
            return str(array.filename)
        path = Path(self._folder.name) / f"{name}.npy"
        np.save(path, array)
        return str(path)

    def train(self, steps: int) -> float:
        """Seconds of the next ``steps`` steps.

        Raises:
            WorkerError: it ended, or took too long.
        """
        if self._process is None:
            raise WorkerError(self._refusal)
        assert self._process.stdin
        assert self._process.stdout
        try:
            self._process.stdin.write(f"{steps}\n")
            ready, _, _ = select.select([self._process.stdout], [], [], self.timeout)
            return float(self._process.stdout.readline() if ready else "")
        except (OSError, ValueError) as error:
            raise WorkerError(f"The bare {self.control.name} gave no time; see its output above.") from error

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        if self._process is None:
            return
        self._process.kill()
        self._process.communicate()
        reaper().forget(self._process.pid)
        self._folder.cleanup()


def _holds(path: str, array: np.memmap) -> bool:
    """Whether a file of NumPy's is there and holds this mapped array; a part of it, `Split.head`, names it as well."""
    try:
        whole = np.load(path, mmap_mode="r")
    except (OSError, ValueError):
        return False
    forms = [(each.dtype, each.shape, each.strides) for each in (whole, array)]
    return forms[0] == forms[1] and whole.offset == array.offset
