"""What the tests share: the real data set, a made-up one, and the oracle's answers for it."""

from __future__ import annotations

import os

import pytest

import side_by_side
from bench.base.blas import one_thread

side_by_side.begin()
one_thread()  # before NumPy is imported: the oracle takes several times as long with more

from bench.parity.oracle import Expected, expected
from bench.pytest_plugin import interruption
from command import Run, run_module
from impls import data
from impls.data import Split
from impls.data.synthetic import synthetic_split


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--honest-seeds", type=int, default=1, help="with how many seeds to check honest programs (1)")


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.import_plugin("time_limit")
    interruption.begin(config)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "honest_seed" in metafunc.fixturenames:
        metafunc.parametrize("honest_seed", range(1, 1 + metafunc.config.getoption("--honest-seeds")))


@pytest.fixture(scope="session", autouse=True)
def a_lock_of_our_own(tmp_path_factory: pytest.TempPathFactory) -> None:
    """A benchmark that is under way on this machine is no reason for a test of the machinery to fail."""
    os.environ["LENET_LOCK"] = str(tmp_path_factory.mktemp("lock") / "machine.lock")


@pytest.fixture(scope="session")
def cifar10() -> tuple[Split, Split]:
    """The real data set, fetched the way a user would."""
    data.prepare()
    return data.load("train"), data.load("test")


@pytest.fixture(scope="session")
def made_up() -> tuple[Split, Split]:
    return synthetic_split("train", 600), synthetic_split("test", 200)


@pytest.fixture(scope="session")
def answers(made_up: tuple[Split, Split]) -> Expected:
    return expected(*made_up, seed=0, batch_size=100, lr=1e-3, cache=None)


@pytest.fixture(scope="session")
def run() -> Run:
    """Run ``python -m ...`` as a user's shell would; see `command.run_module`."""
    return run_module
