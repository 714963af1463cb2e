"""Another build is a commit's code in a folder, or what another interpreter has installed; else there is a sentence."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from bench.base import builds
from bench.base.launch import OURS, START, command
from command import ROOT
from impls.errors import LenetError


def git(folder: Path, *arguments: str) -> None:
    who = ("-c", "user.name=a", "-c", "user.email=a@localhost")
    subprocess.run(["git", "-C", str(folder), *who, *arguments], check=True, capture_output=True)


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """One whose first commit has no start file and whose second has, in the place of ours."""
    root = tmp_path / "repository"
    (root / "impls").mkdir(parents=True)
    (root / "impls" / "__init__.py").write_text("")
    git(root.parent, "init", "--quiet", str(root))
    git(root, "add", "--all")
    git(root, "commit", "--quiet", "--message", "first")
    (root / "bench").mkdir()
    (root / "bench" / "__init__.py").write_text("OLD = True\n")
    (root / START.name).write_text("# starts\n")
    git(root, "add", "--all")
    git(root, "commit", "--quiet", "--message", "second")
    monkeypatch.setattr(builds, "ROOT", root)
    return root


def test_a_commits_code_is_put_into_a_folder_and_changes_of_the_work_tree_are_not(
    repository: Path, tmp_path: Path
) -> None:
    (repository / "bench" / "__init__.py").write_text("OLD = False\n")
    folder = tmp_path / "old"
    build = builds.of_commit("HEAD", folder)
    assert (folder / "bench" / "__init__.py").read_text() == "OLD = True\n"
    assert (folder / "impls").is_dir()
    assert build.start == folder / START.name
    assert build.name.startswith("commit ")
    assert command("bench.worker.serve", "3", build=build)[2:] == [str(build.start), "bench.worker.serve", "3"]


def test_this_code_is_the_work_tree_as_it_is(repository: Path, tmp_path: Path) -> None:
    (repository / "bench" / "__init__.py").write_text("OLD = False\n")
    (repository / "bench" / "__pycache__").mkdir()
    folder = tmp_path / "new"
    folder.mkdir()
    assert builds.of_this_code(folder).start.exists()
    assert (folder / "bench" / "__init__.py").read_text() == "OLD = False\n"
    assert not (folder / "bench" / "__pycache__").exists()


def test_a_commit_from_before_the_start_file_is_a_sentence(repository: Path, tmp_path: Path) -> None:
    with pytest.raises(LenetError, match=r"Commit HEAD~1 is too old to be compared with: it has no lenet_parity_start"):
        builds.of_commit("HEAD~1", tmp_path / "old")


def test_a_commit_that_is_not_there_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(LenetError, match="There is no commit 'nowhere' here"):
        builds.extracted("nowhere", tmp_path)


def test_a_commit_of_the_repository_that_the_suite_is_installed_in_is_not_meant(
    repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(builds, "ROOT", repository / "impls")
    with pytest.raises(LenetError, match="There is no commit 'HEAD' here"):
        builds.extracted("HEAD", tmp_path / "old")


def interpreter(folder: Path, script: str) -> str:
    path = folder / "python"
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return str(path)


def test_another_environments_build_is_where_its_interpreter_finds_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", str(ROOT))  # must not lead the other interpreter to our own code
    python = interpreter(tmp_path, 'test -z "$PYTHONPATH" && echo /there/lenet_parity_start.py')
    build = builds.of_python(python)
    assert (build.python, build.start) == (python, Path("/there/lenet_parity_start.py"))
    assert command("bench.worker.serve", build=build)[0] == python
    assert command("bench.worker.serve")[0] == OURS.python == sys.executable


@pytest.mark.parametrize("script", ["echo ModuleNotFoundError: no such module >&2; exit 1", "exit 1"])
def test_an_environment_without_the_suite_is_a_sentence(tmp_path: Path, script: str) -> None:
    with pytest.raises(LenetError, match=r"python has no lenet-parity that can be compared with \("):
        builds.of_python(interpreter(tmp_path, script))
    with pytest.raises(LenetError, match="nowhere has no lenet-parity"):
        builds.of_python(str(tmp_path / "nowhere"))
