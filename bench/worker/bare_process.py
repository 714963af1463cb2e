"""The bare script of a run's control, as a process that trains when asked."""

from __future__ import annotations

import contextlib
import math
import os
import select
import signal
import subprocess
import tempfile
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Self

import numpy as np

from bench.base import launch
from bench.base.cores import bind_to_cores
from bench.worker.control import control
from bench.worker.process import WorkerError, worker_environment
from bench.worker.reaper import reaper
from impls.data import Split

DEVICES = ("cpu", "cuda")
"""What the control runs on."""


class BareProcess:
    """The bare script, running.

    It is treated as every worker is (`bench.worker.process`). It is bound to the same cores, and stopped (SIGSTOP)
    except while it trains. Where it gives no answer in time it is ended, so that its late answer is never taken for
    that of the next turn; there is no control from then on.

    Args:
        train: the images it trains on.
        device: as ``--device`` takes it; on one that is not in `DEVICES` nothing is started and `train` says so.
        threads: how many cores it is bound to, the first of ours.
        precision: "fp32", "tf32" or "bf16".
        timeout: seconds that an answer may take.

    Attributes:
        control: which script it is.
    """

    def __init__(self, train: Split, *, device: str, threads: int, precision: str, timeout: float) -> None:
        self.timeout, self.control = timeout, control(device)
        self._process: subprocess.Popen[bytes] | None = None
        self._refusal = ""
        if device not in DEVICES:
            self._refusal = f"The bare loop runs on {' and '.join(DEVICES)} alone, and this is {device}."
            return
        self._folder = tempfile.TemporaryDirectory(prefix="bare-loop-")
        files = [self._file("images", train.images), self._file("labels", train.labels)]
        command = launch.script(self.control.script, *files, device, str(threads), precision)
        self._process = _started_on_cores(command, worker_environment(threads), threads)
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
            WorkerError: it ended, gave no number, or took too long. It is gone then.
        """
        process = self._process
        if process is None:
            raise WorkerError(self._refusal)
        try:
            self._signal(process, signal.SIGCONT)
            seconds = self._answer(process, steps)
            self._signal(process, signal.SIGSTOP)
        except TimeoutError:
            self._end(f"The bare {self.control.name} did not answer within {self.timeout:g} s and was stopped.")
        except (OSError, ValueError):
            self._end(f"The bare {self.control.name} gave no time; see its output above.")
        except BaseException:
            self.close()
            raise
        else:
            return seconds
        raise WorkerError(self._refusal)

    def _answer(self, process: subprocess.Popen[bytes], steps: int) -> float:
        """What the script prints, a positive number of seconds.

        Raises:
            TimeoutError: nothing came in time.
            OSError: it is gone.
            ValueError: something else came.
        """
        assert process.stdin
        assert process.stdout
        deadline = time.monotonic() + self.timeout
        process.stdin.write(f"{steps}\n".encode())
        line = b""
        while not line.endswith(b"\n"):
            ready, _, _ = select.select([process.stdout], [], [], max(0.0, deadline - time.monotonic()))
            if not ready:
                raise TimeoutError
            part = os.read(process.stdout.fileno(), 4096)
            if not part:
                raise OSError("it has ended")
            line += part
        seconds = float(line)
        if not 0 < seconds < math.inf:
            raise ValueError(f"{seconds} is no time.")
        return seconds

    def _end(self, why: str) -> None:
        self.close()
        self._refusal = why

    def _signal(self, process: subprocess.Popen[bytes], number: signal.Signals) -> None:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, number)

    def close(self) -> None:
        """End the process and whatever it started; safe to call twice."""
        process, self._process = self._process, None
        if process is None:
            return
        self._refusal = f"The bare {self.control.name} was ended."
        self._signal(process, signal.SIGKILL)
        with contextlib.suppress(OSError):  # what it was still to be told is lost
            process.communicate()
        reaper().forget(process.pid)
        self._folder.cleanup()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()


def _started_on_cores(command: Sequence[str], environment: Mapping[str, str], threads: int) -> subprocess.Popen[bytes]:
    """Start a script bound to the first cores from its first instruction on, as it binds nothing itself.

    A process is bound as the thread is that starts it, so a thread of its own is bound and starts it.
    """

    def start() -> subprocess.Popen[bytes]:
        bind_to_cores(threads)
        return subprocess.Popen(
            command,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            start_new_session=True,
            bufsize=0,
        )

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(start).result()


def _holds(path: str, array: np.memmap) -> bool:
    """Whether a file of NumPy's is there and holds this mapped array; a part of it, `Split.head`, names it as well."""
    try:
        whole = np.load(path, mmap_mode="r")
    except (OSError, ValueError):
        return False
    forms = [(each.dtype, each.shape, each.strides) for each in (whole, array)]
    return forms[0] == forms[1] and whole.offset == array.offset
