"""The example for other people's CI: its steps are run as scripts, in a repository that has a backend of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from bench.report.summary.text import mark
from command import ROOT
from workflow import Ran, Workflow, read

EXAMPLE = ROOT / "examples" / "github-actions" / "parity.yml"
CHECK, COMPARE = mark("check"), mark("compare")

BACKEND = """
import time

from impls.reference.backend import Reference


class MyBackend(Reference):
    name = "mine"
    variants = ("float32",)
    late_seconds, scale = {late_seconds}, {scale}

    def __init__(self, *, variant="float32", device="cpu", precision="fp32"):
        super().__init__(variant=variant, device=device, precision=precision)

    def loss_and_grads(self, images, labels):
        loss, grads = super().loss_and_grads(images, labels)
        return self.scale * loss, grads

    def train_epoch(self, data, order, lr):
        time.sleep(self.late_seconds)
        return super().train_epoch(data, order, lr)
"""

PROGRAMS = {
    "python": "",
    "lenet-bench": '-P -c "import lenet_parity_start; lenet_parity_start.lenet_bench()"',
    "pytest": "-P -m pytest",
}
"""What an environment has, and how Python does the same."""

GH = """#!/bin/sh
echo "$@" >>gh.log
case "$*" in *PATCH*|*POST*) cp comment.md posted.md ;; *) cat ids ;; esac
"""


def git(folder: Path, *arguments: str) -> None:
    who = ("-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false")
    subprocess.run(["git", "-C", str(folder), *who, *arguments], check=True, capture_output=True)


def repository(folder: Path, late_seconds: float, scale: float) -> None:
    """A repository with a backend on origin/main, and a pull request that changes it."""
    package = folder / "my_package"
    package.mkdir(parents=True)
    (package / "__init__.py").touch()
    (folder / "xfails.txt").write_text("# nothing is known to differ\n")
    git(folder, "init", "--initial-branch", "main")
    for late, factor in ((0.0, 1), (late_seconds, scale)):
        (package / "my_module.py").write_text(BACKEND.format(late_seconds=late, scale=factor))
        git(folder, "add", ".")
        git(folder, "commit", "--message", "A backend")
    git(folder, "update-ref", "refs/remotes/origin/main", "HEAD~1")


def environments(folder: Path) -> str:
    """A script that makes the two environments of the example, without installing anything."""
    lines = []
    for side, code in (("new", "ours"), ("old", "base")):
        lines.append(f"mkdir -p venv-{side}/bin && test -d {code}/my_package")
        path = os.pathsep.join([str(ROOT), str(folder / code)])
        for program, arguments in PROGRAMS.items():
            script = f'#!/bin/sh\\nPYTHONPATH={path} exec {sys.executable} {arguments} "$@"\\n'
            lines.append(f"printf '{script}' >venv-{side}/bin/{program} && chmod +x venv-{side}/bin/{program}")
    return "\n".join(lines)


def workflow(
    folder: Path,
    *,
    late_seconds: float = 0.0,
    scale: float = 1.0,
    request: bool = True,
    speed: str = "--blocks 2 --fail-over 1000000",
) -> Workflow:
    """The example in such a repository, and so short that it can be run here."""
    repository(folder / "ours", late_seconds, scale)
    (folder / "bin").mkdir()
    (folder / "bin" / "gh").write_text(GH)
    (folder / "bin" / "gh").chmod(0o755)
    (folder / "ids").touch()
    return Workflow(
        read(EXAMPLE),
        folder,
        values={"github.token": "secret", "github.event.pull_request.number": "7"},
        conditions={
            "!cancelled()": True,
            "steps.install.outcome == 'success'": True,
            "github.event_name == 'pull_request'": request,
            "github.event.pull_request.head.repo.full_name == github.repository": request,
        },
        replaced={"install": environments(folder)},
        env={
            "OPTIONS": "--device cpu --threads 1 --synthetic 400",
            "SPEED": f"--rounds 1 {speed}",
            "PATH": os.pathsep.join([str(folder / "bin"), os.environ["PATH"]]),
            "GITHUB_REPOSITORY": "me/mine",
            "LENET_DATA": str(folder / "data"),
        },
    )


def codes(ran: dict[str, Ran]) -> dict[str, int]:
    return {name: each.code for name, each in ran.items() if name in ("check", "kit", "speed", "comment")}


def test_it_asks_for_no_more_rights_than_a_comment_needs() -> None:
    content = read(EXAMPLE)
    assert content["permissions"] == {"contents": "read", "pull-requests": "write"}
    assert set(content["on"]) == {"push", "pull_request"}  # pull_request_target would run a fork's code with our rights


def test_it_says_what_to_change_and_names_files_that_are_there() -> None:
    text = EXAMPLE.read_text()
    assert text.count("# yours") == 2
    assert (ROOT / "docs" / "ci.md").is_file()
    assert (ROOT / "kit-requirements.txt").is_file()
    [install] = [step for step in Workflow(read(EXAMPLE), ROOT).steps if step.get("id") == "install"]
    assert "--requirement lenet-parity/kit-requirements.txt" in install["run"]
    assert read(EXAMPLE)["env"]["SPEED"] == "--blocks 20 --fail-over 10"


@pytest.mark.slow
def test_a_sound_pull_request(tmp_path: Path) -> None:
    """Its loss differs from the oracle's by far less than is allowed, so that its code is other code."""
    asked = workflow(tmp_path, scale=1.00000001)
    ran = asked.run()
    said = {name: each.said for name, each in ran.items()}
    assert codes(ran) == {"check": 0, "kit": 0, "speed": 0, "comment": 0}, said
    check, speed, comment = ran["check"].summary, ran["speed"].summary, (tmp_path / "comment.md").read_text()
    assert check.startswith(f"{CHECK}\n**Equivalent.** `my_package.my_module:MyBackend:float32` is the same")
    assert "400 made-up images, not on CIFAR-10" in check
    assert speed.startswith(f"{COMPARE}\n")
    assert "Both builds have the same suite." in speed
    assert "has other code." in speed
    assert (comment.count(CHECK), comment.count(COMPARE)) == (1, 1)
    assert comment.startswith(check)
    assert comment.endswith(speed)
    assert str(tmp_path) not in comment
    assert json.loads((tmp_path / "parity.json").read_text())["message"] == "equivalent, fp32, made-up images"
    assert "<h1>LeNet parity v" in (tmp_path / "parity.html").read_text()
    assert not ran["kit"].summary
    asks, posts = (tmp_path / "gh.log").read_text().splitlines()
    assert asks.startswith("api --paginate repos/me/mine/issues/7/comments --jq .[] | select(.user.login == ")
    assert f'startswith("{CHECK}")' in asks
    assert posts == "api --method POST repos/me/mine/issues/7/comments --field body=@comment.md"
    assert (tmp_path / "posted.md").read_text() == comment
    # Once more, when its comment is there: that one is replaced.
    (tmp_path / "ids").write_text("123\n456\n")
    [step] = [step for step in asked.steps if step.get("id") == "comment"]
    again = asked._ran(step, tmp_path / "again.md")
    assert again.code == 0, again.said
    last = (tmp_path / "gh.log").read_text().splitlines()[-1]
    assert last == "api --method PATCH repos/me/mine/issues/comments/123 --field body=@comment.md"


@pytest.mark.slow
def test_a_pull_request_that_is_wrong_and_slow(tmp_path: Path) -> None:
    """Every step says so, and one that fails keeps none of the others from running."""
    ran = workflow(tmp_path, late_seconds=1.0, scale=2, speed="--blocks 5 --fail-over 10").run()
    said = {name: each.said for name, each in ran.items()}
    assert codes(ran) == {"check": 1, "kit": 1, "speed": 1, "comment": 0}, said
    assert ran["check"].summary.startswith(f"{CHECK}\n**Different.** ")
    assert "it parts first on the rung 'loss'" in ran["check"].summary
    assert ran["speed"].summary.startswith(f"{COMPARE}\n**Slower by more than 10 %:** ")
    assert json.loads((tmp_path / "parity.json").read_text())["message"].startswith("different")


@pytest.mark.slow
def test_a_push_is_checked_and_neither_timed_nor_commented_on(tmp_path: Path) -> None:
    asked = workflow(tmp_path, request=False)
    (tmp_path / "ours" / "my_package" / "my_module.py").write_text("import no_such_package\n")
    ran = asked.run()
    assert codes(ran) == {"check": 2, "kit": 2}
    assert ran["check"].summary.startswith(f"{CHECK}\n**Not checked, so there is no verdict.** ")
    assert "no_such_package" in ran["check"].summary
    assert json.loads((tmp_path / "parity.json").read_text())["message"] == "not checked"
