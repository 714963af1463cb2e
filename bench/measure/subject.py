"""A variant under measurement: its worker, and the figures taken from it so far."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, Self

import numpy as np

from bench.measure.process import WorkerProcess
from bench.parity.ladder import climb
from bench.parity.oracle import Expected
from bench.parity.verdict import Report, Rung
from bench.settings import Settings
from impls.initial import initial_params
from impls.order import epoch_order
from impls.recipe import Recipe
from impls.registry import Choice


class Subject:
    """One backend variant in one fresh worker, trained epoch after epoch by a recipe.

    Args:
        choice: which.
        settings: of the run.
        recipe: what to train by.

    Attributes:
        info: what the worker said when it started, `bench.measure.worker.Worker.start`.
        epochs: epochs trained so far.
        first_epoch_seconds: the first epoch of a fresh process, compilation and all; None before it.
        warmup_seconds: of the epochs that `warm_up` ran after the first.
        losses: mean loss of every epoch trained so far.
        first_epoch_losses: the loss of each step of the first epoch.
    """

    def __init__(self, choice: Choice, settings: Settings, recipe: Recipe) -> None:
        self.choice, self.settings, self.recipe = choice, settings, recipe
        self.worker = WorkerProcess(
            choice.label,
            threads=settings.threads,
            timeout=settings.timeout,
            timeout_option=settings.timeout_option,
        )
        self.epochs = 0
        self.first_epoch_seconds: float | None = None
        self.warmup_seconds: list[float] = []
        self.losses: list[float] = []
        self.first_epoch_losses: list[float] = []
        try:
            self.info: dict[str, Any] = self.worker.call(
                "start", choice, settings.device, settings.precision, settings.root, settings.synthetic
            )
            self.worker.call("load_params", initial_params(settings.seed))
        except BaseException:
            self.close()
            raise

    def epoch(self) -> float:
        """Train the next epoch; its seconds, device idle at both ends."""
        seconds, losses = self.worker.call("train_epoch", self._order(), self.recipe.lr(self.epochs))
        self.epochs += 1
        self.losses.append(float(np.mean(losses, dtype=np.float64)))
        if self.first_epoch_seconds is None:
            self.first_epoch_seconds, self.first_epoch_losses = seconds, losses.tolist()
        return seconds

    def slice(self, steps: int) -> float:
        """Seconds of the first ``steps`` steps of the next epoch, which then counts as not begun."""
        seconds, _ = self.worker.call("train_epoch", self._order()[:steps], self.recipe.lr(self.epochs))
        return float(seconds)

    def _order(self) -> np.ndarray:
        return epoch_order(self.settings.seed, self.epochs, self.settings.train_size, self.recipe.batch_size)

    def warm_up(self, epochs: int) -> None:
        """Get the first epoch behind us, then at least ``epochs`` more that are kept but do not count."""
        if self.first_epoch_seconds is None:
            self.epoch()
        while len(self.warmup_seconds) < epochs:
            self.warmup_seconds.append(self.epoch())

    def evaluate(self) -> tuple[float, float]:
        """Seconds and accuracy (a fraction) on the test split."""
        return self.worker.call("evaluate")

    def check(
        self,
        expected: Expected,
        *,
        past_failures: bool = False,
        on_rung: Callable[[Rung], None] = lambda rung: None,
    ) -> Report:
        """Climb the parity ladder; see `bench.parity.ladder.climb`."""
        self.worker.call("begin_ladder", expected)
        rungs = climb(partial(self.worker.call, "take_rung"), past_failures=past_failures, on_rung=on_rung)
        return Report(rungs, self.worker.call("trajectory_losses") if self.worker.alive else [])

    def close(self) -> None:
        """End the worker."""
        self.worker.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()
