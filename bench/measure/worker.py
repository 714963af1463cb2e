"""The worker: a process that holds one backend variant, does what it is told, and times it.

Run by `bench.measure.process` as ``python -m bench.measure.worker FD THREADS``. FD is one end of a socket pair
over which (method, arguments) come in and ("ok", value) or ("error", sentence, traceback) go out.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import sys
import time
import traceback
from multiprocessing.connection import Connection
from typing import Any

import numpy as np

from bench.measure.machine import versions
from bench.parity.ladder import climb
from bench.parity.oracle import Expected
from bench.splits import splits
from impls import registry
from impls.contract import Backend
from impls.errors import BackendError, LenetError
from impls.spec import Params


class Worker:
    """The methods that the parent may call."""

    backend: Backend
    train: Any
    test: Any
    test_labels: np.ndarray

    def start(
        self, choice: registry.Choice, device: str, precision: str, root: str | None, synthetic: int
    ) -> dict[str, Any]:
        """Import the framework, make the backend and put the data on its device.

        Returns:
            ``start_seconds`` (import and construction), ``to_device_seconds``, the variant's name, the versions of
            its packages, and the fingerprint of the data.
        """
        begin = time.perf_counter()
        cls = registry.load(choice)
        if precision not in cls.precisions:
            raise LenetError(f"{cls.name} does not offer {precision}; it offers {', '.join(cls.precisions)}.")
        self.variant = choice.variant or cls.variants[0]
        self.backend = self._guarded("__init__", cls, variant=self.variant, device=device, precision=precision)
        started = time.perf_counter()
        train, test = splits(root, synthetic)
        self.train = self._guarded("to_device", self.backend.to_device, train)
        self.test = self._guarded("to_device", self.backend.to_device, test)
        self.test_labels = test.labels
        return {
            "start_seconds": started - begin,
            "to_device_seconds": time.perf_counter() - started,
            "variant": self.variant,
            "versions": versions(cls.packages),
            "data_fingerprint": train.fingerprint,
        }

    def load_params(self, params: Params) -> None:
        """Start anew from canonical parameters."""
        self._guarded("load_params", self.backend.load_params, params)

    def train_epoch(self, order: np.ndarray, lr: float) -> tuple[float, np.ndarray]:
        """Seconds of one epoch, and its losses.

        The clock runs around the backend's own call and nothing else; the contract has it return only when
        the device is idle.
        """
        begin = time.perf_counter()
        losses = self._guarded("train_epoch", self.backend.train_epoch, self.train, order, lr)
        seconds = time.perf_counter() - begin
        losses = np.asarray(losses)
        if losses.shape != (len(order),):
            raise BackendError(
                f"train_epoch of {self.backend.name} returned losses {losses.shape} where ({len(order)},) was agreed."
            )
        if not np.isfinite(losses).all():
            step = int(np.flatnonzero(~np.isfinite(losses))[0])
            raise BackendError(f"The loss of {self.backend.name} is {losses[step]} at step {step + 1} of the epoch.")
        return seconds, losses

    def evaluate(self) -> tuple[float, float]:
        """Seconds to classify the test split, and the accuracy as a fraction."""
        begin = time.perf_counter()
        classes = self._guarded("predict", self.backend.predict, self.test)
        seconds = time.perf_counter() - begin
        return seconds, float((np.asarray(classes) == self.test_labels).mean())

    def check(self, expected: Expected) -> tuple[float, dict[str, Any], list[float]]:
        """Climb the ladder: seconds, the report as plain values, and the losses of the trajectory."""
        begin = time.perf_counter()
        report = climb(self.backend, expected, self.train, self.test)
        summary = {**report.as_dict(), "sentence": report.sentence}
        return time.perf_counter() - begin, summary, report.losses

    @staticmethod
    def _guarded(method: str, call: Any, *args: Any, **kwargs: Any) -> Any:
        """Call into the backend; what it raises becomes a sentence that names the method."""
        try:
            return call(*args, **kwargs)
        except LenetError:
            raise
        except Exception as error:
            raise BackendError(f"{method} raised {type(error).__name__}: {error}") from error


def die_with_parent() -> None:
    """Ask the kernel to kill this process when its parent dies, however that comes about (Linux only)."""
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL("libc.so.6", use_errno=True).prctl(1, signal.SIGKILL)  # 1 is PR_SET_PDEATHSIG


def bind_to_cores(threads: int) -> None:
    """Keep to the first ``threads`` of our cores; XLA sizes its thread pool by this, so it precedes all else."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:threads])


def main() -> None:
    """Serve until the parent hangs up."""
    die_with_parent()
    bind_to_cores(int(sys.argv[2]))
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to handle
    connection = Connection(int(sys.argv[1]))
    worker = Worker()
    with contextlib.suppress(EOFError, BrokenPipeError, ConnectionResetError):
        while True:
            method, args = connection.recv()
            reply: tuple[Any, ...]
            try:
                reply = ("ok", getattr(worker, method)(*args))
            except Exception as error:
                sentence = str(error) if isinstance(error, LenetError) else f"{type(error).__name__}: {error}"
                reply = ("error", " ".join(sentence.split()), traceback.format_exc())
            connection.send(reply)
    os._exit(0)  # frameworks keep threads that may outlive main


if __name__ == "__main__":
    main()
