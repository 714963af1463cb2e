"""The parent's side of a worker: start it, ask it, stop it in between, and never leave it behind."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import tempfile
import time
from functools import cache
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, Self

import psutil

from bench.base import launch
from bench.base.environment import of_workers, without_pinning
from bench.base.memory import available_memory
from bench.worker.reaper import reaper
from impls.data.private_folder import private_folder
from impls.errors import DataError, LenetError

LOOK_SECONDS = 1.0
"""How often a busy worker's memory is looked at; a look costs the machine some 20 microseconds."""

INDUCTOR_CACHE = "TORCHINDUCTOR_CACHE_DIR"


class WorkerError(LenetError):
    """A worker could not do what it was asked; the sentence says which backend, what and why."""


class WorkerProcess:
    """One backend variant in a fresh process of its own.

    The process is stopped (SIGSTOP) except while it is answering a call, so that of several workers only those run
    that are asked, as a rule one: idle thread pools that spin, and garbage collectors, stay out of the others' time.

    Args:
        label: what messages call it.
        threads: how many cores it is bound to, the same for every worker that is compared with it.
        timeout: seconds that any one call of a backend's method may take.
        memory: bytes that it may keep resident; None for nine tenths of what is free when it starts.
        option_prefix: what the options that allow more are called before "timeout" and "memory".
        first_core: the first of these cores, counted among ours.
        build: whose worker it is.
    """

    def __init__(
        self,
        label: str,
        *,
        threads: int,
        timeout: float,
        memory: int | None = None,
        option_prefix: str = "--worker-",
        first_core: int = 0,
        build: launch.Build = launch.OURS,
    ) -> None:
        self.label, self.timeout, self.option_prefix = label, timeout, option_prefix
        self.memory = memory or int(0.9 * available_memory())
        self._end = ""  # how it ended before its time, in words
        ours, theirs = socket.socketpair()
        self._stderr = tempfile.TemporaryFile("w+", errors="replace")  # noqa: SIM115  closed with the worker
        self._process = subprocess.Popen(
            launch.command("bench.worker.serve", *map(str, (theirs.fileno(), threads, first_core)), build=build),
            pass_fds=[theirs.fileno()],
            env=worker_environment(threads),
            stdin=subprocess.DEVNULL,
            stdout=self._stderr,
            stderr=self._stderr,
            start_new_session=True,  # a Ctrl-C in the terminal reaches the parent alone
        )
        reaper().watch(self._process.pid)
        theirs.close()
        self._connection = Connection(ours.detach())

    @property
    def alive(self) -> bool:
        """Whether it can still be asked for anything."""
        return not self._end

    def call(self, method: str, *args: Any) -> Any:
        """Have the worker do something and wait for it.

        A call whose answer was not read to its end, because it took too long or because we were interrupted, ends the
        worker: the answer would come late and be taken for that of the next call.

        Raises:
            WorkerError: it raised, died, took too long or too much memory. After all but the first it is gone.
        """
        if self._end:
            raise WorkerError(f"{self.label} {self._end}, so {method} was not tried.")
        self._signal(signal.SIGCONT)
        doing, status = method, "entering"
        try:
            self._connection.send((method, args))
            while status == "entering":
                self._wait(doing)
                status, *reply = self._connection.recv()
                doing = reply[0] if status == "entering" else doing
        except (EOFError, OSError) as error:
            self._end = f"{self._epitaph()} during {doing}"
            self.close()
            raise WorkerError(f"{self.label} {self._end}.") from error
        except BaseException:
            self._end = self._end or f"was interrupted during {doing}"
            self.close()
            raise
        self._signal(signal.SIGSTOP)
        if status == "error":
            sentence, trace = reply
            named = sentence if self.label in sentence else f"{self.label}: {sentence}"
            raise WorkerError(named) from RemoteTraceback(trace)
        return reply[0]

    def _wait(self, doing: str) -> None:
        """Wait for the worker's next word, asleep but for a look at its memory now and then."""
        deadline = time.monotonic() + self.timeout
        while not self._connection.poll(max(0.0, min(LOOK_SECONDS, deadline - time.monotonic()))):
            if time.monotonic() >= deadline:
                self._stop(f"did not finish {doing} within {self.timeout:g} s and was stopped", "timeout")
            if (held := self._resident()) > self.memory:
                limit = f"{self.memory / 2**30:.1f} GiB"
                self._stop(f"held {held / 2**30:.1f} GiB in {doing}, over {limit}, and was stopped", "memory")

    def _stop(self, end: str, option: str) -> None:
        self._end = end
        self.close()
        raise WorkerError(f"{self.label} {end}; allow more with {self.option_prefix}{option}.")

    def _resident(self) -> int:
        """Bytes that the worker keeps in memory; 0 where it is gone."""
        try:
            return int(psutil.Process(self._process.pid).memory_info().rss)
        except psutil.Error:
            return 0

    def _signal(self, number: signal.Signals) -> None:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, number)

    def _epitaph(self) -> str:
        """How the process ended, in words, with the last line it wrote."""
        try:
            code = self._process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            return "closed its connection"
        how = f"was killed by {signal.Signals(-code).name}" if code < 0 else f"ended with exit code {code}"
        if code == -signal.SIGKILL:
            how += " (out of memory, perhaps)"
        self._stderr.seek(0)
        lines = [line.strip() for line in self._stderr if line.strip()]
        return f"{how}, saying {lines[-1]!r}," if lines else how

    def close(self) -> None:
        """End the process and whatever it started; safe to call twice."""
        if self._stderr.closed:
            return
        self._signal(signal.SIGKILL)
        self._process.wait()
        reaper().forget(self._process.pid)
        self._connection.close()
        self._stderr.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()


class RemoteTraceback(Exception):  # noqa: N818  a traceback, not an error
    """A worker's traceback, chained to the error so that ``--tb=long`` shows it."""


def worker_environment(threads: int) -> dict[str, str]:
    """The parent's environment, with what must be equal for all workers set before any framework starts.

    Variables that bind threads to CPUs are left out: the worker binds itself.

    What torch.compile makes is loaded as code, so it is kept in a folder of this user alone, unless the user names
    another: torch's default has a name in the temporary folder that anybody could take first.
    """
    order = {"CUDA_DEVICE_ORDER": "PCI_BUS_ID"}  # the driver's, so that an index means the same GPU to both
    environment = {**without_pinning(os.environ), **of_workers(threads), **order, "PYTHONUNBUFFERED": "1"}
    if not environment.get(INDUCTOR_CACHE):
        environment[INDUCTOR_CACHE] = str(_inductor_cache())
    return environment


def _inductor_cache() -> Path:
    try:
        return private_folder("torchinductor")
    except DataError:  # most backends need none, so this is no reason to refuse them
        return Path(_folder_of_this_process().name)


@cache
def _folder_of_this_process() -> tempfile.TemporaryDirectory[str]:
    return tempfile.TemporaryDirectory(prefix="lenet-parity-torchinductor-")
