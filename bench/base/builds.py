"""Another build of the suite to compare with: a commit's code, or what another environment has installed."""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import tarfile
from pathlib import Path

from bench.base.launch import START, Build
from impls.errors import LenetError

ROOT = START.parent
"""The folder that holds our packages: a checkout, or ``site-packages``."""

PARTS = ("impls", "bench", START.name)
"""What a build needs."""

SECONDS = 60
"""For another interpreter to say where its suite is."""


def extracted(commit: str, folder: Path) -> str:
    """Put a commit's code into a folder; its full id.

    Raises:
        LenetError: there is no such commit.
    """
    git = ["git", "-C", str(ROOT)]
    try:
        top = subprocess.run([*git, "rev-parse", "--show-toplevel"], capture_output=True, check=True, text=True)
        if Path(top.stdout.strip()).resolve() != ROOT:  # installed inside another project's repository
            raise OSError
        named = subprocess.run([*git, "rev-parse", f"{commit}^{{commit}}"], capture_output=True, check=True, text=True)
        full = named.stdout.strip()
        listed = subprocess.run(
            [*git, "ls-tree", "--name-only", full, *PARTS], capture_output=True, check=True, text=True
        )
        parts = listed.stdout.split()
        archive = subprocess.run([*git, "archive", full, *parts], capture_output=True, check=True) if parts else None
    except (OSError, subprocess.CalledProcessError) as error:
        raise LenetError(f"There is no commit {commit!r} here, or no git; name one of this repository.") from error
    if archive:
        with tarfile.open(fileobj=io.BytesIO(archive.stdout)) as tar:
            tar.extractall(folder, filter="data")
    return full


def of_commit(commit: str, folder: Path) -> Build:
    """The build that a commit's code makes, in a folder.

    Raises:
        LenetError: there is no such commit, or its workers cannot be started as ours are.
    """
    full = extracted(commit, folder)
    start = folder / START.name
    if not start.exists():
        raise LenetError(
            f"Commit {commit} is too old to be compared with: it has no {START.name}, which starts its workers; "
            "name a newer commit."
        )
    return Build(f"commit {full[:10]}", start)


def of_this_code(folder: Path) -> Build:
    """A copy of our own code in a folder, so that it lies where another build does and nobody changes it meanwhile."""
    for part in PARTS:
        if (ROOT / part).is_dir():
            shutil.copytree(ROOT / part, folder / part, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(ROOT / part, folder / part)
    return Build("this code", folder / START.name)


def of_python(python: str) -> Build:
    """The build that another environment has installed.

    Args:
        python: its interpreter.

    Raises:
        LenetError: it does not run, or has no suite of ours.
    """
    asks = f"import {START.stem} as start; print(start.__file__)"
    environment = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "PYTHONHOME")}
    try:
        found = subprocess.run(
            [python, "-P", "-c", asks], capture_output=True, text=True, check=True, timeout=SECONDS, env=environment
        )
    except (OSError, subprocess.SubprocessError) as error:
        said = (getattr(error, "stderr", None) or str(error)).strip().splitlines()
        raise LenetError(
            f"{python} has no lenet-parity that can be compared with ({said[-1] if said else 'it says nothing'}); "
            "give the interpreter of an environment that has."
        ) from error
    return Build(f"the one of {python}", Path(found.stdout.strip()), python)
