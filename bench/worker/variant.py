"""A variant under measurement: its worker, and the figures taken from it so far."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, Self

import numpy as np

from bench.base.launch import OURS, Build
from bench.base.settings import Settings
from bench.parity.ladder import climb
from bench.parity.oracle import Expected
from bench.parity.verdict import Report, Rung
from bench.worker.process import WorkerProcess
from bench.worker.timed_epoch import Epoch
from impls.contract import AdamState
from impls.registry import Choice
from impls.spec import Params, Recipe, epoch_order, initial_params


@dataclass(frozen=True)
class Cores:
    """A part of the cores that are ours: from the ``first``, counted from 0, ``count`` of them."""

    first: int
    count: int


class Subject:
    """One backend variant in one fresh worker, trained epoch after epoch by a recipe.

    Args:
        choice: which.
        settings: of the run.
        recipe: what to train by.
        cores: that its worker is bound to; None for the first ``settings.threads``.
        build: whose worker and backend it is.

    Attributes:
        info: what the worker said when it started, `bench.worker.serve.Worker.start`.
        epochs: epochs trained so far; the first has the compilation in it.
        losses: mean loss of every epoch.
        first_epoch_losses: the loss of each step of the first epoch.
        last: what the worker said of the last epoch; None before the first.
    """

    def __init__(
        self, choice: Choice, settings: Settings, recipe: Recipe, cores: Cores | None = None, build: Build = OURS
    ) -> None:
        self.choice, self.settings, self.recipe = choice, settings, recipe
        self.cores = cores or Cores(0, settings.threads)
        self.worker = WorkerProcess(
            choice.label,
            threads=self.cores.count,
            first_core=self.cores.first,
            timeout=settings.timeout,
            memory=settings.memory,
            option_prefix=settings.option_prefix,
            build=build,
        )
        self.epochs = 0
        self.losses: list[float] = []
        self.first_epoch_losses: list[float] = []
        self.last: Epoch | None = None
        try:
            self.info: dict[str, Any] = self.worker.call(
                "start", choice, settings.device, settings.precision, settings.root, settings.synthetic
            )
            self.worker.call("load_params", initial_params(settings.seed, recipe.initial))
        except BaseException:
            self.close()
            raise

    def resume(
        self, params: Params, optimizer: AdamState | None, losses: list[float], first_epoch_losses: list[float]
    ) -> None:
        """Stand where another process stopped: the next epoch is the one after its last.

        Args:
            params: canonical, as they were then.
            optimizer: Adam's state then.
            losses: mean loss of every epoch so far.
            first_epoch_losses: the loss of each step of the first epoch.
        """
        self.worker.call("load_params", params)
        self.worker.call("load_optimizer", optimizer)
        self.losses, self.first_epoch_losses = list(losses), list(first_epoch_losses)
        self.epochs = len(self.losses)

    def start_from(self, params: Params) -> None:
        """Start anew from these canonical parameters: the next epoch is the first."""
        self.worker.call("load_params", params)
        self.epochs, self.losses, self.first_epoch_losses, self.last = 0, [], [], None

    def params(self) -> Params:
        """The current parameters."""
        found: Params = self.worker.call("export_params")
        return found

    def epoch(self) -> float:
        """Train the next epoch; its seconds, device idle at both ends."""
        last: Epoch = self.worker.call("train_epoch", self._order(), self._lr())
        self.epochs += 1
        self.losses.append(float(np.mean(last.losses, dtype=np.float64)))
        self.first_epoch_losses = self.first_epoch_losses or last.losses.tolist()
        self.last = last
        return last.seconds

    def slice(self, steps: int) -> float:
        """Seconds of the first ``steps`` steps of the next epoch, which then counts as not begun."""
        return float(self.worker.call("train_epoch", self._order()[:steps], self._lr()).seconds)

    def bare_slice(self, steps: int) -> float:
        """Seconds of ``steps`` steps of the bare loop in the same process."""
        seconds: float = self.worker.call("bare_slice", steps)
        return seconds

    def _lr(self) -> float:
        return self.recipe.lr(self.epochs)

    def _order(self) -> np.ndarray:
        return epoch_order(self.settings.seed, self.epochs, self.settings.train_size, self.recipe.batch_size)

    def evaluate(self) -> tuple[float, float]:
        """Seconds and accuracy (a fraction) on the test split."""
        return self.worker.call("evaluate")

    def usual_read(self, pause: float) -> float:
        """`bench.worker.idle.usual_seconds`; it trains, so it comes after the timed epochs."""
        seconds: float = self.worker.call("usual_read", self._order(), self._lr(), pause)
        return seconds

    def closing_figures(self) -> tuple[dict[str, Any], list[str]]:
        """`bench.worker.side_measurements`, taken after the timed epochs, and why some are missing."""
        found: tuple[dict[str, Any], list[str]] = self.worker.call("closing_figures", self._order(), self._lr())
        return found

    def check(
        self,
        expected: Expected,
        *,
        past_failures: bool = False,
        known: Callable[[Rung], bool] = lambda rung: False,
        on_rung: Callable[[Rung], None] = lambda rung: None,
    ) -> Report:
        """Climb the parity ladder; see `bench.parity.ladder.climb`."""
        self.worker.call("begin_ladder", expected)
        take = partial(self.worker.call, "take_rung")
        rungs = climb(take, past_failures=past_failures, known=known, on_rung=on_rung)
        return Report(rungs, self.worker.call("trajectory_losses") if self.worker.alive else [])

    def close(self) -> None:
        """End the worker."""
        self.worker.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()
