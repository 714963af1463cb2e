"""The verdict of every variant, measured once a run and before anything of it is timed."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from bench.base.settings import Settings
from bench.base.splits import splits
from bench.parity.oracle import Expected, expected
from bench.parity.verdict import Report
from bench.worker.process import WorkerError
from bench.worker.variant import Subject
from impls.data import data_root
from impls.data.private_folder import own_folder
from impls.errors import DataError
from impls.registry import Choice


@dataclass(frozen=True)
class Agreement:
    """What the ladder said of one variant.

    Attributes:
        choice: the variant.
        info: what its worker said when it started, as far as rows have it: variant, versions, data_fingerprint, code.
        verdict: "equivalent", "different" or "inconclusive".
        first_failed_rung: empty where none failed.
        seconds: that the ladder took, the worker's start not counted.
        report: all that was found; None where it was found before this run was resumed.
        parameters: elements of each parameter that the backend gave out, counted; empty where it gave none.
    """

    choice: Choice
    info: dict[str, Any]
    verdict: str
    first_failed_rung: str
    seconds: float = 0.0
    report: Report | None = None
    parameters: dict[str, int] = field(default_factory=dict)


class Agreements:
    """Agreements by variant, each measured when it is first asked for.

    Args:
        settings: of the run.
        known: that a run which is resumed has found before.
    """

    def __init__(self, settings: Settings, known: list[Agreement] | None = None) -> None:
        self.settings = settings
        self._known: dict[str, Agreement | WorkerError] = {a.choice.label: a for a in known or []}

    @cached_property
    def expected(self) -> Expected:
        """The oracle's answers for this run's data."""
        settings = self.settings
        train, test = splits(settings.root, settings.synthetic)
        cache, recipe = _cache(settings.root), settings.recipe
        return expected(
            train,
            test,
            seed=settings.seed,
            batch_size=recipe.batch_size,
            lr=recipe.lr(0),
            cache=cache,
            precision=settings.precision,
        )

    def of(self, choice: Choice) -> Agreement:
        """The agreement of a variant; a variant that could not be checked fails the same way every time.

        Raises:
            WorkerError: it could not be checked.
        """
        if choice.label not in self._known:
            try:
                self._known[choice.label] = self._measure(choice)
            except WorkerError as error:
                self._known[choice.label] = error
        known = self._known[choice.label]
        if isinstance(known, WorkerError):
            raise known
        return known

    def verdict(self, label: str) -> str | None:
        """The verdict of the variant of this label; None where there is none so far."""
        known = self._known.get(label)
        return known.verdict if isinstance(known, Agreement) else None

    @property
    def full_labels(self) -> dict[str, str]:
        """The label with its variant, of every variant with a verdict, by its label."""
        return {
            label: f"{known.choice.backend}:{known.info['variant']}"
            for label, known in self._known.items()
            if isinstance(known, Agreement)
        }

    def _measure(self, choice: Choice) -> Agreement:
        answers = self.expected
        with Subject(choice, self.settings, self.settings.recipe) as subject:
            report = subject.check(answers)
            try:
                counts = subject.worker.call("count_parameters")
            except WorkerError:  # the ladder says what is wrong with it
                counts = {}
        seconds = sum(rung.seconds for rung in report.rungs)
        return Agreement(choice, subject.info, report.verdict, report.first_failed_rung, seconds, report, counts)


def _cache(root: str | None) -> Path | None:
    """Where this user keeps the oracle's answers: with the data if nobody else can write there; None for nowhere."""
    try:
        return own_folder(data_root(root), "oracle")
    except DataError:
        return None
