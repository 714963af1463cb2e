"""The suite knows its version in a checkout, installed or not, and says "unknown" where nothing tells."""

from __future__ import annotations

import tomllib
from importlib.metadata import PackageNotFoundError
from pathlib import Path

import pytest

from bench.base import suite
from command import ROOT
from impls.spec.version import SPEC_VERSION


def test_a_checkout_says_its_own_version() -> None:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    assert suite.suite_version() == version
    assert suite.stated() == {"spec": SPEC_VERSION, "suite": version}
    assert suite.named() == f"lenet-parity {version}, specification {SPEC_VERSION}"


@pytest.mark.parametrize("text", [None, "", "not toml [", '[project]\nname = "other"\nversion = "9"\n', "[project]\n"])
def test_elsewhere_the_installed_version_counts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str | None
) -> None:
    """Whatever pyproject.toml lies beside the packages."""
    if text is not None:
        (tmp_path / "pyproject.toml").write_text(text)
    monkeypatch.setattr(suite, "version", lambda name: {"lenet-parity": "1.2.3"}[name])
    assert suite.suite_version.__wrapped__(tmp_path) == "1.2.3"

    def not_installed(name: str) -> str:
        raise PackageNotFoundError(name)

    monkeypatch.setattr(suite, "version", not_installed)
    assert suite.suite_version.__wrapped__(tmp_path) == "unknown"
