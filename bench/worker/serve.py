"""The worker: a process that holds one backend variant, does what it is told, and times it.

Run by `bench.worker.process` as ``python -m bench.worker.serve FD THREADS FIRST_CORE``. FD is one end of a socket
pair over which (method, arguments) come in. Out go any number of ("entering", what) and then ("ok", value) or
("error", sentence, traceback).
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import time
import traceback
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from multiprocessing.connection import Connection
from typing import Any

import numpy as np

from bench.base.code_digest import code_digest
from bench.base.cores import bind_to_cores
from bench.base.machine import versions
from bench.base.splits import splits
from bench.guard.backend import Guarded, calling, check_classes
from bench.parity.ladder import climber
from bench.parity.oracle import Expected
from bench.parity.rungs.base import Climb
from bench.parity.verdict import Rung
from bench.worker import closer_look, energy, idle, side_measurements
from bench.worker.serve_many import TrainsMany
from bench.worker.timed_epoch import Epoch, timed_epoch
from impls import registry
from impls.contract import AdamState, Backend, Probe
from impls.contract.device import devices_of, require_device
from impls.data import Split
from impls.data.mapped import mapped
from impls.errors import LenetError
from impls.spec import Params


class Worker(TrainsMany):
    """The methods that the parent may call.

    Args:
        entering: told what is about to run, so that the parent can say what hung or crashed.
    """

    backend: Backend
    device: str
    precision: str
    test_split: Split
    train: Any
    test: Any
    climb: Climb

    def __init__(self, entering: Callable[[str], None]) -> None:
        self._entering = entering

    def start(
        self, choice: registry.Choice, device: str, precision: str, root: str | None, synthetic: int
    ) -> dict[str, Any]:
        """Import the framework, make the backend and put the data on its device.

        Returns:
            ``import_seconds``, ``start_seconds`` (import and construction), ``to_device_seconds``, the variant's name,
            the versions of its packages, the digest of its code, fingerprint and channels of the data, and ``many``:
            whether it trains several seeds at once.
        """
        self._entering(f"the import of {choice.target.partition(':')[0]}")
        begin = time.perf_counter()
        cls = registry.load(choice)
        imported = time.perf_counter()
        if precision not in cls.precisions:
            raise LenetError(f"{choice.label} does not offer {precision}; it offers {', '.join(cls.precisions)}.")
        require_device(choice.label, devices_of(choice.label, cls.devices), device)
        variant = choice.variant or cls.variants[0]
        self._entering("__init__")
        with calling("__init__"):
            self.backend = cls(variant=variant, device=device, precision=precision)
        started = time.perf_counter()
        self._entering("the loading of the data")
        train, self.test_split = splits(root, synthetic)
        guarded = self._guarded()
        self.train, self.test = guarded.to_device(train), guarded.to_device(self.test_split)
        self.device, self.precision = device, precision
        loaded = time.perf_counter()
        return {
            "import_seconds": imported - begin,
            "start_seconds": started - begin,
            "to_device_seconds": loaded - started,
            "variant": variant,
            "versions": versions(cls.packages),
            "code": code_digest(cls.__module__),
            "data_fingerprint": train.fingerprint,
            "channels": train.images.shape[1],
            "many": guarded.many() is not None,
        }

    def _probe(self) -> Probe | None:
        try:
            return self.backend.probe()
        except Exception:  # said by the figures that need it
            return None

    def _guarded(self) -> Guarded:
        return Guarded(self.backend, self._entering)

    def load_params(self, params: Params) -> None:
        """Start anew from canonical parameters."""
        self._guarded().load_params(params)

    def export_params(self) -> Params:
        """The current parameters."""
        return self._guarded().export_params()

    def count_parameters(self) -> dict[str, int]:
        """Elements of each parameter that the backend gives out, by the name that it gives; checked by nobody."""
        with calling("export_params"):
            exported = self.backend.export_params()
            return {str(name): int(np.size(value)) for name, value in exported.items()}

    def export_optimizer(self) -> AdamState | None:
        """The optimizer's state, if the backend gives it out."""
        return self._guarded().export_optimizer()

    def load_optimizer(self, state: AdamState) -> None:
        """Go on from an optimizer's state."""
        self._guarded().load_optimizer(state)

    def train_epoch(self, order: np.ndarray, lr: float) -> Epoch:
        """Train one epoch and time it."""
        return timed_epoch(self.backend, self.train, order, lr)

    def usual_read(self, order: np.ndarray, lr: float, pause: float) -> float:
        """What reading the parameters takes longer than once more, where nothing is left to do; it trains."""
        return idle.usual_seconds(self.backend, self.train, order, lr, pause)

    def evaluate(self) -> tuple[float, float]:
        """Seconds to classify the test split, and the accuracy as a fraction."""
        with calling("predict"):
            begin = time.perf_counter()
            classes = self.backend.predict(self.test)
            seconds = time.perf_counter() - begin
        labels = self.test_split.labels
        return seconds, float((check_classes(classes, len(labels)) == labels).mean())

    def test_loss(self) -> float:
        """Mean negative log-likelihood of the test split, in nats; never timed."""
        return closer_look.test_loss(self._guarded(), self.test_split)

    def confusion(self) -> list[list[int]]:
        """Images of the test split, by true class (rows) and predicted class; never timed."""
        return closer_look.confusion(self._guarded(), self.test, self.test_split.labels)

    def accuracy_on(self, split: Split) -> float:
        """Accuracy on another set of images, a fraction."""
        guarded = self._guarded()
        split = replace(split, images=mapped(split.images))  # it came as bytes, and backends are given memory maps
        classes = guarded.predict(guarded.to_device(split), len(split))
        return float((classes == split.labels).mean())

    def closing_figures(self, order: np.ndarray, lr: float) -> tuple[dict[str, Any], list[str]]:
        """All of `bench.worker.side_measurements` that can be had here, and why others cannot.

        It trains, so it comes last.
        """
        self._entering("the closing figures")
        backend, images = self.backend, self.test_split.images

        def train_epoch() -> None:
            backend.train_epoch(self.train, order, lr)

        parts: list[Callable[[], dict[str, Any]]] = [
            *(partial(side_measurements.latency, backend, images[:size]) for size in side_measurements.LATENCY_BATCHES),
            partial(side_measurements.activity, backend, train_epoch, len(order)),
            partial(side_measurements.energy, energy.meter(self.device, self._probe()), train_epoch),
            side_measurements.host_peak,  # before the ceilings, whose operands are no part of what it needs
            partial(side_measurements.device_peak, backend),
            partial(side_measurements.ceilings, backend, self.device),
        ]
        found: dict[str, Any] = {}
        missing = []
        for part in parts:
            try:
                found |= part()
            except LenetError as error:
                missing.append(str(error))
        return found, missing

    def bare_slice(self, steps: int) -> float:
        """Seconds of ``steps`` steps of the bare loop in this very process; for `impls.pytorch.eager` alone.

        Two processes differ by more than the harness could cost, so its overhead can be seen within one alone.
        """
        if not hasattr(self, "bare"):
            from bench.worker.bare_loop import BareLoop

            self.bare = BareLoop(self.train.images, self.train.labels, self.precision)
        return self.bare.train(steps)

    def begin_ladder(self, expected: Expected) -> None:
        """Get ready to take rungs."""
        guarded = self._guarded()
        short_test = guarded.to_device(self.test_split.head(expected.short_test))
        self.climb = Climb(guarded, expected, self.train, self.test, short_test)

    def take_rung(self, name: str) -> Rung:
        """The result of one rung."""
        return climber(self.climb)(name).without_evidence()

    def trajectory_losses(self) -> list[float]:
        """The losses of the ladder's trajectory, once its rung has been taken."""
        return self.climb.losses


def main() -> None:
    """Serve until the parent hangs up."""
    bind_to_cores(int(sys.argv[2]), int(sys.argv[3]))
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to handle
    connection = Connection(int(sys.argv[1]))
    worker = Worker(lambda what: connection.send(("entering", what)))
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
