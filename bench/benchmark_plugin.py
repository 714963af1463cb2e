"""pytest's side of the benchmarks: options, fixtures, and what becomes of a result. `bench/conftest.py` loads it."""

from __future__ import annotations

import contextlib
import subprocess
from collections.abc import Generator, Iterator
from pathlib import Path
from statistics import median
from typing import Any

import pytest

from bench import options
from bench.agreement import Agreement, Agreements
from bench.measure import machine
from bench.measure.subject import Subject
from bench.results_file import ResultsFile
from bench.settings import BASELINE, Settings
from bench.splits import ensure_prepared
from impls import registry
from impls.errors import LenetError

SETTINGS = pytest.StashKey[Settings]()
RESULTS = pytest.StashKey[ResultsFile]()


def pytest_addoption(parser: pytest.Parser) -> None:
    options.add(parser)


def pytest_configure(config: pytest.Config) -> None:
    config.stash[SETTINGS] = options.read(config)
    config.stash[RESULTS] = ResultsFile(config, config.stash[SETTINGS])


def pytest_ignore_collect(collection_path: Path) -> bool | None:
    """The conformance kit in there is run by its own name, ``pytest --pyargs bench.parity``."""
    return True if collection_path == Path(__file__).parent / "parity" else None


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Parametrise over names: collecting imports no framework."""
    settings = metafunc.config.stash[SETTINGS]
    labels = [choice.label for choice in settings.choices]
    if "choice" in metafunc.fixturenames:
        metafunc.parametrize("choice", labels, indirect=True, scope="session")
    if "fastest_choice" in metafunc.fixturenames:
        backends = dict.fromkeys(choice.backend for choice in settings.choices)
        metafunc.parametrize("fastest_choice", backends, indirect=True)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out the harness's overhead where it is not asked for: it is measured on PyTorch, on the CPU."""
    settings = config.stash[SETTINGS]
    wanted = settings.device == "cpu" and not settings.quick
    if wanted and BASELINE in [choice.label for choice in settings.choices]:
        return
    left_out = [item for item in items if item.name == "test_overhead"]
    items[:] = [item for item in items if item not in left_out]
    config.hook.pytest_deselected(items=left_out)


# --- fixtures -------------------------------------------------------------------------------------------------


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
        capture: Any = pytestconfig.pluginmanager.getplugin("capturemanager")
        with capture.global_and_fixture_disabled() if capture else contextlib.nullcontext():
            ensure_prepared(settings.root)
    except LenetError as error:
        pytest.exit(str(error), returncode=2)


@pytest.fixture(scope="session")
def choice(request: pytest.FixtureRequest, settings: Settings) -> registry.Choice:
    """The variant under test."""
    return settings.choice(request.param)


@pytest.fixture(scope="session")
def agreements(settings: Settings) -> Agreements:
    """Every variant's verdict, measured when first asked for."""
    return Agreements(settings)


@pytest.fixture(scope="session")
def agreement(choice: registry.Choice, agreements: Agreements) -> Agreement:
    """The verdict of the variant under test, measured before anything of it is timed."""
    return agreements.of(choice)


@pytest.fixture(scope="session")
def baseline_subject(settings: Settings) -> Iterator[Subject]:
    """The variant that others are compared with, alive for the whole run and stopped between its rounds."""
    [choice] = registry.choices(BASELINE)
    with Subject(choice, settings, settings.recipe) as subject:
        yield subject


@pytest.fixture(scope="session")
def subject(choice: registry.Choice, agreement: Agreement, settings: Settings) -> Iterator[Subject]:
    """The variant under test in a fresh worker."""
    with Subject(choice, settings, settings.recipe) as subject:
        yield subject


@pytest.fixture
def baseline(choice: registry.Choice, request: pytest.FixtureRequest) -> Subject | None:
    """What the variant under test is compared with, ready to be timed; None for the baseline itself."""
    if choice.label == BASELINE:
        return None
    subject: Subject = request.getfixturevalue("baseline_subject")
    subject.warm_up(1)
    return subject


@pytest.fixture
def fastest_choice(request: pytest.FixtureRequest, settings: Settings) -> registry.Choice:
    """The variant of a backend whose epochs were the shortest in this run; its first where none was timed."""
    candidates = [choice for choice in settings.choices if choice.backend == request.param]
    seconds = {
        choice.label: median(row["epoch_seconds"])
        for choice in candidates
        for row in request.config.stash[RESULTS].rows("epoch")
        if (row["backend"], row["variant"]) == (choice.backend, choice.variant)
    }
    return min(candidates, key=lambda choice: seconds.get(choice.label, float("inf")))


# --- what becomes of a result ---------------------------------------------------------------------------------


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """One sentence instead of a traceback for what a person can put right; then everything so far to disk."""
    report = yield
    if call.excinfo is not None and isinstance(call.excinfo.value, LenetError) and item.config.option.tbstyle == "auto":
        report.longrepr = str(call.excinfo.value)
    if report.when == "call" or (report.when == "setup" and report.failed):
        item.config.stash[RESULTS].note(item, report)
    return report


def pytest_benchmark_update_machine_info(config: pytest.Config, machine_info: dict[str, Any]) -> None:
    """Name the GPU and leave out the clock rates of the moment."""
    machine_info["cpu"] = machine.cpu_info()
    machine_info["gpu"] = machine.gpu_name()
    machine_info["gpu_driver"] = machine.gpu_driver()


def pytest_benchmark_update_commit_info(config: pytest.Config, commit_info: dict[str, Any]) -> None:
    """Call the work tree changed if the code is; results and pages that a run itself wrote are not."""
    code = ["impls", "bench", "pyproject.toml", "constraints.txt"]
    status = ["git", "-C", str(config.rootpath), "status", "--porcelain", "--", *code]
    with contextlib.suppress(OSError, subprocess.CalledProcessError):
        commit_info["dirty"] = bool(subprocess.run(status, capture_output=True, check=True).stdout.strip())


def pytest_benchmark_update_json(config: pytest.Config, output_json: dict[str, Any]) -> None:
    """Say which measurements are missing, and why."""
    output_json["lost"] = config.stash[RESULTS].lost


@pytest.hookimpl(trylast=True)
def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """The table of this run, and where it went."""
    results = config.stash[RESULTS]
    if not results.path.exists():
        return
    from bench.report import terminal  # not needed to collect
    from bench.report.pages import write_pages

    settings = config.stash[SETTINGS]
    terminal.show(results.path, settings.left_out)
    terminalreporter.write_line(f"This run:   {results.path}")
    terminalreporter.write_line(f"All tables: {write_pages(settings.results)}")
