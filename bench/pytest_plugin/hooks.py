"""pytest's side of the benchmarks: options, what is collected, and what becomes of a result."""

from __future__ import annotations

import contextlib
import subprocess
from collections.abc import Generator
from pathlib import Path
from typing import Any

import psutil
import pytest

from bench.base import cgroup, cores, machine, nvidia
from bench.base.settings import BASELINE, Settings
from bench.pytest_plugin import interruption, modes, options, resume
from bench.pytest_plugin.results_file import ResultsFile
from bench.timing.pytest_run import Asked
from bench.worker.bare_process import DEVICES as CONTROLLED
from impls.errors import LenetError

SETTINGS = pytest.StashKey[Settings]()
RESULTS = pytest.StashKey[ResultsFile]()
UNFINISHED = pytest.StashKey["resume.Unfinished | None"]()


def pytest_addoption(parser: pytest.Parser) -> None:
    options.add(parser)


def pytest_configure(config: pytest.Config) -> None:
    modes.ensure_measuring(config)
    asked = next((plugin for plugin in config.pluginmanager.get_plugins() if isinstance(plugin, Asked)), None)
    settings = asked.settings if asked else options.read(config)
    try:
        unfinished = resume.newest_unfinished(settings) if config.getoption("--resume") else None
    except LenetError as error:
        raise pytest.UsageError(str(error)) from None
    config.stash[SETTINGS], config.stash[UNFINISHED] = settings, unfinished
    config.stash[RESULTS] = ResultsFile(config, settings, unfinished)
    interruption.begin(config)


def pytest_ignore_collect(collection_path: Path) -> bool | None:
    """The conformance kit in there is run by its own name, ``pytest --pyargs bench.parity``."""
    return True if collection_path == Path(__file__).parents[1] / "parity" else None


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Parametrise over names: collecting imports no framework."""
    settings = metafunc.config.stash[SETTINGS]
    if "choice" in metafunc.fixturenames:
        metafunc.parametrize("choice", [choice.label for choice in settings.choices], indirect=True)
    if "fastest_choice" in metafunc.fixturenames:
        backends = dict.fromkeys(choice.backend for choice in settings.choices)
        metafunc.parametrize("fastest_choice", backends, indirect=True)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what is not asked for: what a resumed run has, and the harness's overhead, measured on PyTorch."""
    settings, measured = config.stash[SETTINGS], {b["fullname"] for b in config.stash[RESULTS].kept}
    overhead = (
        not settings.quick
        and settings.device in CONTROLLED
        and BASELINE in [choice.label for choice in settings.choices]
    )
    left_out = [item for item in items if item.nodeid in measured or (item.name == "test_overhead" and not overhead)]
    items[:] = [item for item in items if item not in left_out]
    config.hook.pytest_deselected(items=left_out)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """One sentence instead of a traceback for what a person can put right; then everything so far to disk."""
    report = yield
    if call.excinfo is not None and isinstance(call.excinfo.value, LenetError) and item.config.option.tbstyle == "auto":
        report.longrepr = str(call.excinfo.value)
    if report.when == "call" or (report.when == "setup" and report.failed):
        try:
            item.config.stash[RESULTS].note(item, report)
        except LenetError as error:
            pytest.exit(str(error), returncode=2)
    return report


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """Say in the file whether everything was tried, and fail for what failed before the run was resumed."""
    results, unfinished = session.config.stash[RESULTS], session.config.stash[UNFINISHED]
    if unfinished and unfinished.failed and exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
    ran = exitstatus in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED) and not modes.runs_no_test(session.config)
    if ran:
        results.complete = not results.lost
        with contextlib.suppress(LenetError):  # said before, when a measurement could not be written
            results.write()


def pytest_benchmark_update_machine_info(config: pytest.Config, machine_info: dict[str, Any]) -> None:
    """Name the GPU, count the CPUs, and leave out the clock rates of the moment and the host's name."""
    machine_info.pop("node", None)  # results are sent to others
    machine_info["cpu"] = machine.cpu_info()
    machine_info["logical_cpus"] = cores.logical_cpus()  # "cores" in a device's name are these
    machine_info["physical_cores"] = psutil.cpu_count(logical=False)
    machine_info["cpu_quota"] = cgroup.cpu_quota()
    about = config.stash[SETTINGS].about
    named = about is not None and about.called is not None  # by a backend's probe
    machine_info["gpu"] = about.called if about and named else nvidia.gpu_name()
    machine_info["gpu_driver"] = about.driver if about and named else nvidia.gpu_driver()


def pytest_benchmark_update_commit_info(config: pytest.Config, commit_info: dict[str, Any]) -> None:
    """Call the work tree changed if the code is; results and pages that a run itself wrote are not.

    Names of folders and branches are left out, and what git said: they may name a person.
    """
    for name in ("project", "branch", "error"):
        commit_info.pop(name, None)
    if not (config.rootpath / ".git").exists():  # installed, perhaps inside another project's repository
        return
    code = ["impls", "bench", "pyproject.toml", "constraints.txt"]
    status = ["git", "-C", str(config.rootpath), "status", "--porcelain", "--", *code]
    with contextlib.suppress(OSError, subprocess.CalledProcessError):
        commit_info["dirty"] = bool(subprocess.run(status, capture_output=True, check=True).stdout.strip())


def pytest_benchmark_update_json(config: pytest.Config, output_json: dict[str, Any]) -> None:
    """Add what the run knows beside its rows."""
    config.stash[RESULTS].extend(output_json)


@pytest.hookimpl(trylast=True)
def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """The table of this run, and where it went."""
    results = config.stash[RESULTS]
    if not results.path.exists():
        return
    from bench.report.pages import write_page
    from bench.report.terminal import summary  # not needed to collect

    settings = config.stash[SETTINGS]
    summary.show(results.path, settings.left_out, wide=config.getoption("--wide"))
    terminalreporter.write_line(f"This run:   {results.path}")
    try:
        terminalreporter.write_line(f"All tables: {write_page(settings.results, settings.machine)}")
    except LenetError as error:
        terminalreporter.write_line(str(error))
