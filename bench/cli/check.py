"""``lenet-bench check``: is this backend the same computation as the reference, and if not, where does it part?"""

from __future__ import annotations

import shlex
import time
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from bench.base.code_digest import harness_digest
from bench.base.commit import commit
from bench.base.environment import recorded
from bench.base.settings import Settings
from bench.base.splits import ensure_prepared
from bench.base.suite import named, stated
from bench.cli.options import CHECK_TIMEOUT
from bench.cli.outputs import Outputs
from bench.parity.known_deviations import KnownDeviations
from bench.parity.verdict import FAILED, SKIPPED, Report, Rung
from bench.report.terminal.ladder import LadderView
from bench.report.terminal.progress import training_progress
from bench.training import accuracy_rung
from bench.training.paired import paired_accuracy
from bench.training.series import how_many_at_once
from bench.worker.agreement import Agreements
from bench.worker.process import worker_environment
from bench.worker.variant import Subject
from impls import registry
from impls.errors import LenetError, UnknownBackendError
from impls.registry import Choice
from impls.spec import Recipe
from impls.spec.version import SPEC_VERSION

SCHEMA = 1
"""Version of the names and meanings in the JSON."""

EXIT_CODES = {"equivalent": 0, "different": 1, "inconclusive": 3}
"""2 is a usage error or a backend that could not be checked."""


def require_spec(version: int | None) -> None:
    """Refuse to check anything by another specification than the one at hand.

    Raises:
        LenetError: ``version`` is another one.
    """
    if version not in (None, SPEC_VERSION):
        raise LenetError(
            f"--spec {version} is not the specification at hand, which is version {SPEC_VERSION}; leave --spec out, or "
            f"install a lenet-parity that checks version {version}."
        )


def choose(name: str, variant: str | None) -> Choice:
    """The one variant to check: the one named, else the backend's default.

    Raises:
        UnknownBackendError: there is none of that name, or two are named.
    """
    found = registry.choices(name)[0]
    named = found.variant if found.label == name else None
    if named and variant and named != variant:
        raise UnknownBackendError(f"{name} names one variant and --variant {variant} another; give one of them.")
    return found if named or not variant else registry.choices(f"{name}:{variant}")[0]


class Check:
    """One backend variant's way up the ladder, shown as it goes and kept for JSON.

    Args:
        choice: the variant.
        settings: of the check.
        view: where it is shown.
        past_failures: go on after a rung has failed.
    """

    def __init__(self, choice: Choice, settings: Settings, view: LadderView, *, past_failures: bool) -> None:
        self.choice, self.settings, self.view, self.past_failures = choice, settings, view, past_failures
        self.known = view.known
        self.seeds, self.recipe = 0, settings.recipe
        self.rungs: list[Rung] = []
        self.info: dict[str, Any] = {}
        self.error = "it was interrupted"  # until it has come to an end
        self.begun = time.monotonic()

    def run(self, seeds: int, recipe: Recipe, jobs: int | None = None) -> Report:
        """Climb, and then compare accuracies over paired seeds if any are asked for, trained so many ``jobs`` at once.

        Raises:
            LenetError: the backend could not be checked; what was found before is in ``rungs``.
        """
        self.seeds, self.recipe = seeds, recipe
        at_once = how_many_at_once(jobs, self.settings)
        try:
            self._climb()
            if seeds:
                self._compare_accuracy(seeds, recipe, at_once)
        except LenetError as error:
            self.error = str(error)
            raise
        self.error = ""
        return Report(self.rungs)

    def _climb(self) -> None:
        settings = self.settings
        if not settings.synthetic:
            with self.view.busy("CIFAR-10"):
                ensure_prepared(settings.root)
        with self.view.busy(f"starting {self.choice.label}"):
            subject = Subject(self.choice, settings, settings.recipe)
        with subject:  # started first: a module that does not import should not wait for the oracle
            self.info = subject.info
            with self.view.busy("the oracle's answers, computed once for every seed and precision"):
                answers = Agreements(settings).expected
            label = f"{self.choice.backend}:{subject.info['variant']}"
            self.view.begin(label, f"{named()}, code {subject.info['code']}")
            with self.view.busy("climbing"):
                subject.check(answers, past_failures=self.past_failures, known=self.known.covers, on_rung=self._keep)

    def _keep(self, rung: Rung) -> None:
        self.rungs.append(rung)
        self.view.show(rung)

    def _compare_accuracy(self, seeds: int, recipe: Recipe, at_once: int) -> None:
        """The rung that is asked for: a failure below it would be its cause, so it is skipped then as well."""
        failed = any(rung.status == FAILED and not rung.only and not self.known.covers(rung) for rung in self.rungs)
        if failed and not self.past_failures:
            self._keep(Rung(accuracy_rung.NAME, SKIPPED))
            return
        begin = time.monotonic()
        choice = replace(self.choice, variant=self.info["variant"])
        with training_progress(self.view.console) as on_progress:
            found = paired_accuracy([choice], self.settings, recipe, seeds, at_once=at_once, on_progress=on_progress)
        self.view.accuracies(found)
        self._keep(accuracy_rung.rung(found, choice.label, time.monotonic() - begin))

    def as_dict(self) -> dict[str, Any]:
        """Everything found, for JSON."""
        report, settings, failing = Report(self.rungs), self.settings, KnownDeviations()
        return {
            "schema": SCHEMA,
            **stated(),
            "commit": commit(),
            "suite_code": harness_digest(),
            "code": self.info.get("code"),
            "date": datetime.now(UTC).isoformat(timespec="seconds"),
            "command": self.command,
            "backend": self.choice.backend,
            "variant": self.info.get("variant", self.choice.variant),
            "device": settings.device,
            "device_name": settings.device_name,
            "precision": settings.precision,
            "threads": settings.threads,
            "seed": settings.seed,
            "synthetic": settings.synthetic,
            "data_fingerprint": self.info.get("data_fingerprint"),
            "versions": self.info.get("versions"),
            "environment": recorded(worker_environment(settings.threads)),
            "verdict": "not checked" if self.error else report.verdict,
            "error": self.error or None,
            "first_failed_rung": report.first_failed_rung,
            "known_deviations": self._known_deviations(report) if self.known.path else None,
            "rungs": [rung.as_dict(comparisons=True) | {"failing": failing.new_lines(rung)} for rung in self.rungs],
            "seconds": time.monotonic() - self.begun,
        }

    def _known_deviations(self, report: Report) -> dict[str, Any]:
        """What the xfails file makes of the failures, which changes no verdict."""
        known = self.known
        return {
            "file": known.path,
            "entries": [str(entry) for entry in known.entries],
            "all_known": known.all_known(report),
            "new": [line for rung in self.rungs for line in known.new_lines(rung)],
            "stale": [str(entry) for entry in known.stale_in(report)],
        }

    @property
    def exit_code(self) -> int:
        """Of the command, once the check has come to its end: nothing that is listed makes it fail."""
        return EXIT_CODES[self.known.news(Report(self.rungs)).verdict]

    @property
    def command(self) -> str:
        """The command that repeats the check, with everything that was found out or taken for granted written out."""
        settings = self.settings
        variant = self.info.get("variant")
        given: dict[str, Any] = {
            "--spec": SPEC_VERSION,
            "--device": settings.device,
            "--precision": settings.precision,
            "--threads": settings.threads,
            "--seed": settings.seed,
            "--synthetic": settings.synthetic or None,
            "--timeout": None if settings.timeout == CHECK_TIMEOUT else f"{settings.timeout:g}",
            "--memory": settings.memory and f"{settings.memory / 2**30:g}",
            "--xfails-file": self.known.path or None,
        }
        if self.seeds:
            recipe, shortened = self.recipe, "[" in self.recipe.name
            given |= {"--seeds": self.seeds, "--recipe": recipe.name.partition("[")[0]}
            given |= {"--epochs": recipe.epochs if shortened else None}
        options = [str(part) for option, value in given.items() if value is not None for part in (option, value)]
        name = f"{self.choice.backend}:{variant}" if variant else self.choice.label
        return shlex.join(["lenet-bench", "check", name, *options, *(["--all"] if self.past_failures else [])])

    def write(self, outputs: Outputs) -> None:
        """Write everything found to the files that were asked for, each whole or not at all."""
        if outputs.asked or outputs.summaries.paths:
            outputs.write(self.as_dict(), Report(self.rungs))
