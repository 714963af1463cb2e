"""The two splits of a run: CIFAR-10's, or made-up ones for tests of the machinery."""

from __future__ import annotations

import subprocess

from bench.base import launch
from impls.data import Split, is_prepared, load, prepare
from impls.data.synthetic import synthetic_split
from impls.errors import LenetError


def ensure_prepared(root: str | None) -> None:
    """CIFAR-10 under ``root``: fetched and decoded if it is not there, checked if it is.

    Raises:
        LenetError: it cannot be had, or is corrupt.
    """
    if not is_prepared(root):
        # Decoding imports torch where it is installed, which a process that only measures others must not.
        command = launch.command("bench.cli", "data", *(["--root", root] if root else []))
        if subprocess.run(command, check=False).returncode:
            raise LenetError("The data set could not be prepared; see above.")
    prepare(root)


def splits(root: str | None, synthetic: int) -> tuple[Split, Split]:
    """Training and test split: CIFAR-10 from ``root``, or ``synthetic`` made-up images and half as many."""
    if synthetic:
        return synthetic_split("train", synthetic), synthetic_split("test", synthetic // 2)
    return load("train", root), load("test", root)
