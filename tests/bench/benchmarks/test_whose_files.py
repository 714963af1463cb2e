"""A benchmark run in somebody's clone adds files to their machine's folder, and changes none of the project's."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmark_run import WITHOUT_TRAINING
from command import Run, finished
from committed import copy_committed

pytestmark = pytest.mark.slow


def git(folder: Path, *arguments: str) -> str:
    about = ("-c", "user.name=Somebody", "-c", "user.email=somebody@example.org", "-c", "core.excludesFile=")
    done = finished(["git", *about, *arguments], cwd=folder)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_work_tree_has_only_new_files_in_the_machines_own_folder(run: Run, tmp_path: Path) -> None:
    copy_committed(tmp_path)
    git(tmp_path, "init", "--quiet")
    git(tmp_path, "add", "--all", "--force")
    git(tmp_path, "commit", "--quiet", "--message", "a clone")
    where = ("--results", str(tmp_path / "results"), "--machine", "theirs")
    done = run(*WITHOUT_TRAINING, "--backend", "fakes:Sound", *where)
    assert done.returncode == 0, done.stdout + done.stderr
    said = git(tmp_path, "status", "--porcelain", "--untracked-files=all").splitlines()
    assert "?? results/theirs/README.md" in said
    assert [line for line in said if not line.startswith("?? results/theirs/")] == []
    assert len(said) == 2, "a results file and its page"
