"""The folder of a machine stays within the folder of results, whatever it is called."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.base import machine as machines
from bench.base import names
from bench.base.settings import Settings
from bench.lecture.folder import FOLDER as LECTURE
from bench.pitfalls.stored import FOLDER as PITFALLS
from bench.report.pages import SPEED
from bench.results.repeats import FOLDER as REPEATS
from command import Run
from impls.errors import LenetError

GOOD = ["abacus", "amd-epyc-2-cores", "NVIDIA H100 80GB", "v1.2_x", "7", "Büro-日本", "a" * names.LONGEST]
BAD = [
    *("", ".", "..", "../x", "a/b", "/tmp/x", "a\\b", "C:x", "a/../../x", "~", "~/x"),
    *(".git", "-x", "--machine", "_x", " x", "x ", "x.", "a\nb", "a\0b", "a\tb", "a|b", "<b>", "[red]", "`x`", "a*"),
    *("lecture", "Speed", "README.md", "index.html", "a" * (names.LONGEST + 1)),
]


@pytest.mark.parametrize("name", GOOD)
def test_ordinary_names_are_taken(name: str, tmp_path: Path) -> None:
    assert Settings.checked([], device="cpu", timeout=1, results=tmp_path, machine=name).machine == name


@pytest.mark.parametrize("name", BAD)
def test_a_name_that_is_no_folder_of_its_own_is_refused(name: str, tmp_path: Path) -> None:
    with pytest.raises(LenetError, match="cannot be the name of a folder of results: ") as caught:
        Settings.checked([], device="cpu", timeout=1, results=tmp_path, machine=name)
    assert f"--machine {name!r}" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_our_own_folders_are_not_a_machines() -> None:
    assert {LECTURE, SPEED, REPEATS, PITFALLS} == set(names.FOLDERS)


@pytest.mark.parametrize("device", ["龍芯", "AMD EPYC", "(R)", "../x"])
def test_the_default_is_a_good_name_whatever_the_device_is_called(device: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machines, "gpu_name", lambda: device)
    name = machines.folder_name("cuda", 1)
    assert names.mistake_in_machine(name) is None


@pytest.mark.slow
@pytest.mark.parametrize(
    "command",
    [
        ("bench.cli", "check", "pytorch", "--synthetic", "400"),
        ("bench.cli", "accuracy", "--synthetic", "400"),
        ("bench.cli", "lecture", "--synthetic", "400"),
        ("bench.cli", "gpu", "--synthetic", "400"),
        ("bench.cli", "time", "pytorch", "--synthetic", "400"),
        ("pytest", "bench", "--benchmark-only", "--synthetic", "400"),
        ("bench.visit.lockstep", "FILE", "pytorch", "--synthetic", "400"),
    ],
    ids=lambda command: " ".join(command[:2]),
)
def test_every_command_refuses_it_and_writes_nothing(run: Run, tmp_path: Path, command: tuple[str, ...]) -> None:
    results = tmp_path / "inside" / "results"
    file = str(tmp_path / "inside" / "file.json")
    where = ("--results", str(results), "--machine", "../x", "--device", "cpu")
    done = run(*(file if each == "FILE" else each for each in command), *where)
    assert done.returncode in (1, 2, 4)
    assert "--machine '../x' cannot be the name of a folder of results" in done.stdout + done.stderr
    assert not list(tmp_path.iterdir())
