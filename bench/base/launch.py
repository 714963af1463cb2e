"""How a process of ours is started, so that no other folder's modules get in its way."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

START = Path(__file__).resolve().parents[2] / "lenet_parity_start.py"


@dataclass(frozen=True)
class Build:
    """Code that a process runs: ours, or that of another commit or environment.

    Attributes:
        name: what messages call it.
        start: its ``lenet_parity_start.py``.
        python: the interpreter that runs it.
    """

    name: str
    start: Path = START
    python: str = sys.executable


OURS = Build("this code")


def command(module: str, *arguments: str, build: Build = OURS) -> list[str]:
    """The command that runs a module as ``python -m`` does, with our packages and Python's own never hidden.

    Args:
        module: one of ours, or another package's, e.g. "pytest".
        arguments: the module's own.
        build: whose module it is.
    """
    return [build.python, "-P", str(build.start), module, *arguments]


def script(path: str | Path, *arguments: str) -> list[str]:
    """The command that runs a file; the modules beside it do not hide Python's own."""
    return [sys.executable, "-P", str(path), *arguments]
