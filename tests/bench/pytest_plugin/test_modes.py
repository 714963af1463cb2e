"""A benchmark run that would store nothing of what it measures is refused before it begins."""

from __future__ import annotations

from pathlib import Path

import pytest

from command import Run
from command_output import said

COMMAND = ("pytest", "bench", "--quick", "--device", "cpu", "--synthetic", "400", "--backend", "fakes:Sound")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("options", "env", "sentence"),
    [
        (["--benchmark-disable"], {}, "Leave out --benchmark-disable: it turns measuring off, so this run"),
        (["--benchmark-skip"], {}, "Leave out --benchmark-skip: it skips the benchmarks, so this run"),
        (["--setup-only"], {}, "Leave out --setup-only: it runs no test, so this run"),
        (["-n", "2"], {}, "Leave out -n and --dist: measurements must not run side by side"),
        (["--dist", "loadfile"], {}, "Leave out -n and --dist: measurements must not run side by side"),
        (
            ["-n", "2", "--benchmark-only"],
            {},
            "Leave out -n and --dist: measurements must not run side by side",
        ),
        ([], {"PYTEST_XDIST_WORKER": "gw0"}, "Start benchmarks outside a pytest-xdist worker"),
    ],
    ids=["disable", "skip", "setup-only", "-n", "--dist", "-n and only", "worker"],
)
def test_a_mode_that_stores_nothing_is_refused(
    run: Run, tmp_path: Path, options: list[str], env: dict[str, str], sentence: str
) -> None:
    done = run(*COMMAND, *options, "--results", str(tmp_path / "r"), timeout=120, **env)
    assert done.returncode == 4, said(done)
    assert sentence in done.stderr
    assert "would store nothing of what it measures." in done.stderr
    assert "Traceback" not in done.stdout + done.stderr
    assert not (tmp_path / "r").exists()


@pytest.mark.slow
@pytest.mark.parametrize(
    "options",
    [["--benchmark-disable"], ["--benchmark-skip"], ["--setup-only", "--setup-plan"], ["-n", "2"]],
    ids=["disable", "skip", "setup-plan", "-n"],
)
def test_listing_the_benchmarks_is_not(run: Run, tmp_path: Path, options: list[str]) -> None:
    done = run(*COMMAND, *options, "--collect-only", "-q", "--results", str(tmp_path / "r"))
    assert done.returncode == 0, said(done)
    assert "test_epoch[fakes:Sound]" in done.stdout
    assert not (tmp_path / "r").exists()
