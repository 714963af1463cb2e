"""Which suite is this? Its version, and the version of the specification that it holds backends to."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from impls.spec.version import SPEC_VERSION

NAME = "lenet-parity"
"""Of the distribution."""

ROOT = Path(__file__).resolve().parents[2]
"""The folder that holds our packages: a checkout, or ``site-packages``."""


@cache
def suite_version(root: Path = ROOT) -> str:
    """The version of the code that runs; "unknown" where neither a checkout nor an installation tells.

    A checkout's own pyproject.toml goes first: the checkout need not be installed, and another version may be.

    Args:
        root: as `ROOT`.
    """
    try:
        project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
        if project["name"] == NAME:
            return str(project["version"])
    except (OSError, ValueError, KeyError, TypeError):
        pass  # no checkout of ours
    try:
        return version(NAME)
    except PackageNotFoundError:
        return "unknown"


def stated() -> dict[str, int | str]:
    """What every report, row and stored run says of the suite: ``spec`` and ``suite``, both versions."""
    return {"spec": SPEC_VERSION, "suite": suite_version()}


def named() -> str:
    """The same in words."""
    return f"{NAME} {suite_version()}, specification {SPEC_VERSION}"
