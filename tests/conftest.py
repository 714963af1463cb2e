"""What the tests share: the real data set, a made-up one, and the oracle's answers for it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from bench.parity.oracle import Expected, expected
from impls import data
from impls.data import Split
from impls.synthetic import synthetic_split

ROOT = Path(__file__).parent.parent
Run = Callable[..., "subprocess.CompletedProcess[str]"]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--honest-seeds", type=int, default=1, help="with how many seeds to check honest programs (1)")


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
    """Run ``python -m ...`` from the repository, as a user's shell would, with the tests' fakes importable."""

    def run(*args: str, timeout: float = 300, **env: str) -> subprocess.CompletedProcess[str]:
        path = os.pathsep.join([str(ROOT), str(ROOT / "tests")])
        return subprocess.run(
            [sys.executable, "-m", *args],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": path, **env},
            capture_output=True,
            text=True,
            timeout=timeout,
            check=False,
        )

    return run
