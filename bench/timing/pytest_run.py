"""How pytest is told to run the benchmarks, and nothing of the repository that it is started in."""

from __future__ import annotations

import importlib.util
import os
from dataclasses import dataclass
from pathlib import Path

from bench.base.settings import Settings

FILES = ("test_agreement.py", "test_epoch.py")
"""The benchmarks of verdicts and times."""


@dataclass(frozen=True, eq=False)  # pytest tells its plugins apart by identity
class Asked:
    """A plugin of pytest that only holds the settings of the run, in place of pytest's options."""

    settings: Settings


def arguments(*options: str) -> list[str]:
    """Pytest's arguments for a run of `FILES`, wherever they are installed.

    No pytest configuration, conftest.py or cache of the user's is read: they may ask for plugins that are not there, or
    run tests in several processes.

    Args:
        options: more of them.
    """
    spec = importlib.util.find_spec("bench.benchmarks")
    assert spec
    assert spec.origin
    folder = Path(spec.origin).parent
    alone = ("-c", os.devnull, "--rootdir", str(folder.parents[1]), "--noconftest", "-p", "no:cacheprovider")
    ours = ("-p", "bench.pytest_plugin.hooks", "-p", "bench.pytest_plugin.fixtures", "--import-mode=importlib")
    shown = ("-ra", "--benchmark-only", "--benchmark-columns=median,min,max,rounds", "--benchmark-sort=name")
    return [*alone, *ours, *shown, *options, *(str(folder / file) for file in FILES)]
