"""pytest's side of the conformance kit: ``pytest --pyargs lenet_parity_conformance --backend package.module:Class``."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from bench.base.settings import Settings
from bench.base.splits import ensure_prepared
from bench.base.suite import named
from bench.parity.known_deviations import KnownDeviations
from bench.parity.rung_by_rung import Ladder
from bench.pytest_plugin import interruption, options
from bench.worker.agreement import Agreements
from bench.worker.variant import Subject
from impls import registry
from impls.errors import LenetError

SETTINGS = pytest.StashKey[Settings]()
KNOWN = pytest.StashKey[KnownDeviations]()


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("lenet", "LeNet on CIFAR-10: the conformance kit")
    group.addoption("--backend", metavar="NAME", help="what to check: package.module:Class, pytorch, flax:scan")
    group.addoption(
        "--xfails-file",
        metavar="FILE",
        help="known deviations, one a line: a rung, or rung: what differs (as reported; * matches anything)",
    )
    options.add_common(group)


def pytest_configure(config: pytest.Config) -> None:
    option = config.getoption
    try:
        if config.option.help or config.option.collectonly:
            return
        if not option("--backend"):
            raise LenetError("Name what to check with --backend package.module:Class.")
        config.stash[SETTINGS] = Settings.checked(
            registry.choices(option("--backend"))[:1],
            device=option("--device"),
            precision=option("--precision"),
            threads=option("--threads"),
            seed=option("--seed"),
            timeout=option("--worker-timeout"),
            memory=option("--worker-memory"),
            results=Path("results"),  # nothing is written there
            root=option("--root"),
            synthetic=option("--synthetic"),
        )
        config.stash[KNOWN] = KnownDeviations.read(option("--xfails-file"))
    except LenetError as error:
        raise pytest.UsageError(str(error)) from None
    interruption.begin(config)


def pytest_report_header(config: pytest.Config) -> str | None:
    if (settings := config.stash.get(SETTINGS, None)) is None:
        return None
    return f"{named()}: {settings.choices[0].label}, {settings.device}, {settings.precision}, seed {settings.seed}"


@pytest.fixture(scope="session")
def known_deviations(pytestconfig: pytest.Config) -> KnownDeviations:
    """What the third party has listed."""
    return pytestconfig.stash[KNOWN]


@pytest.fixture(scope="session")
def ladder(pytestconfig: pytest.Config) -> Iterator[Ladder]:
    """The backend in its worker, ready for the first rung; a backend that cannot be had ends the run."""
    settings = pytestconfig.stash[SETTINGS]
    try:
        if not settings.synthetic:
            ensure_prepared(settings.root)
        answers = Agreements(settings).expected
        with Subject(settings.choices[0], settings, settings.recipe) as subject:
            subject.worker.call("begin_ladder", answers)
            yield Ladder(partial(subject.worker.call, "take_rung"))
    except LenetError as error:
        pytest.exit(str(error), returncode=2)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Entries of the xfails file that nothing matched."""
    taken = {report.nodeid.rpartition("[")[2].rstrip("]") for report in terminalreporter.getreports("passed")}
    taken |= {report.nodeid.rpartition("[")[2].rstrip("]") for report in terminalreporter.getreports("xfailed")}
    known = config.stash.get(KNOWN, None)
    # Under pytest-xdist the rungs are taken in other processes, and what they matched is not known here.
    if known and not config.pluginmanager.has_plugin("dsession") and (stale := known.stale(taken)):
        terminalreporter.section("stale entries of the xfails file")
        for entry in stale:
            terminalreporter.line(f"{entry}: this agrees now; remove the entry")
