"""What the benchmarks are given: the settings, verdicts, and the schedule with everything that is timed in turn."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator
from statistics import median
from typing import Any

import pytest

from bench.base.lock import machine_lock
from bench.base.settings import PLAIN_LOOP, Settings
from bench.base.splits import ensure_prepared, splits
from bench.pytest_plugin.hooks import RESULTS, SETTINGS, UNFINISHED
from bench.report.terminal.progress import now_doing
from bench.timing import stability
from bench.timing.same_work import SameWork
from bench.timing.schedule import Schedule
from bench.worker.agreement import Agreement, Agreements
from impls import registry
from impls.errors import LenetError


@contextlib.contextmanager
def _to_the_terminal(config: pytest.Config) -> Iterator[None]:
    """Let through what is written meanwhile."""
    capture: Any = config.pluginmanager.getplugin("capturemanager")
    with capture.global_and_fixture_disabled() if capture else contextlib.nullcontext():
        yield


@pytest.fixture(scope="session")
def settings(pytestconfig: pytest.Config) -> Settings:
    """What was asked for."""
    return pytestconfig.stash[SETTINGS]


@pytest.fixture(scope="session", autouse=True)
def prepared_data(settings: Settings, pytestconfig: pytest.Config) -> None:
    """CIFAR-10, fetched and decoded if it is not there, checked if it is."""
    if settings.synthetic:
        return
    try:
        with _to_the_terminal(pytestconfig):
            ensure_prepared(settings.root)
    except LenetError as error:
        pytest.exit(str(error), returncode=2)


@pytest.fixture(scope="session", autouse=True)
def machine_to_itself(settings: Settings, pytestconfig: pytest.Config, prepared_data: None) -> Iterator[None]:
    """No other measurement for as long as this one takes; and a word, before it begins, on what else is running."""
    results = pytestconfig.stash[RESULTS]
    with contextlib.ExitStack() as stack:
        try:
            results.ensure_writable()
            stack.enter_context(machine_lock())
        except LenetError as error:
            pytest.exit(str(error), returncode=2)
        results.busy_cores = stability.busy_cores()
        results.warnings = stability.complaints_at_start(settings.device, results.busy_cores, settings.about)
        with _to_the_terminal(pytestconfig):
            for warning in results.warnings:
                print(f"\nwarning: {warning}.", file=sys.stderr)
        yield


@pytest.fixture
def choice(request: pytest.FixtureRequest, settings: Settings) -> registry.Choice:
    """The variant under test."""
    return settings.choice(request.param)


@pytest.fixture(scope="session")
def agreements(settings: Settings, pytestconfig: pytest.Config) -> Agreements:
    """Every variant's verdict, measured when first asked for."""
    unfinished = pytestconfig.stash[UNFINISHED]
    return Agreements(settings, unfinished.agreements(settings) if unfinished else None)


@pytest.fixture
def agreement(choice: registry.Choice, agreements: Agreements) -> Agreement:
    """The verdict of the variant under test, measured before anything of it is timed."""
    return agreements.of(choice)


@pytest.fixture(scope="session")
def schedule(settings: Settings, agreements: Agreements, pytestconfig: pytest.Config) -> Schedule:
    """All variants timed in turn, the baseline among them.

    One that could not even be checked is left out, and so is one whose figures a run that is resumed has already, but
    for those that all others are compared with.
    """
    results = pytestconfig.stash[RESULTS]
    contestants = {choice.label: choice for label in settings.against for choice in registry.choices(label)}
    timed = [(row["backend"], row["variant"]) for row in results.rows("epoch")]
    for choice in settings.choices:
        with contextlib.suppress(LenetError):
            variant = agreements.of(choice).info["variant"]
            if (choice.backend, variant) not in timed or choice.label == PLAIN_LOOP:
                contestants[choice.label] = choice
    train, _ = splits(settings.root, settings.synthetic)
    schedule = Schedule(results.blocks)
    with _to_the_terminal(pytestconfig), now_doing() as say:
        schedule.run(
            list(contestants.values()),
            settings,
            train,
            say=say,
            on_block=results.write,
            same_work=SameWork(settings, agreements),
        )
    return schedule


@pytest.fixture
def fastest_choice(request: pytest.FixtureRequest, settings: Settings, pytestconfig: pytest.Config) -> registry.Choice:
    """The variant of a backend whose epochs were the shortest in this run; its first where none was timed.

    Raises:
        LenetError: all its variants trained something else than they should when they were timed.
    """
    results = pytestconfig.stash[RESULTS]
    candidates = [choice for choice in settings.choices if choice.backend == request.param]
    timed = Schedule(results.blocks)
    sound = [choice for choice in candidates if not timed.refusal(choice.label)]
    if not sound:
        raise LenetError(timed.refusal(candidates[0].label))
    seconds = {
        choice.label: median(row["epoch_seconds"])
        for choice in sound
        for row in results.rows("epoch")
        if (row["backend"], row["variant"]) == (choice.backend, choice.variant)
    }
    return min(sound, key=lambda choice: seconds.get(choice.label, float("inf")))
