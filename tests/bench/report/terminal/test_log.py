"""A log: its lines are there as they come, what it held stays, and a full disk costs nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.report.terminal.log import Log
from impls.errors import LenetError


def test_lines_are_there_at_once_and_what_the_file_held_stays(tmp_path: Path) -> None:
    path = tmp_path / "new" / "folder" / "check.log"
    for number in range(2):
        with Log(path) as log:
            log.head("a command")
            log.console.print(f"line {number}")
            assert path.read_text().splitlines()[-1] == f"line {number}"
    lines = path.read_text().splitlines()
    assert [line.split(maxsplit=1)[1] for line in lines] == ["a command", "0", "a command", "1"]


@pytest.mark.parametrize(("error", "sentence"), [(LenetError("no chip"), "no chip"), (KeyboardInterrupt(), "it ended")])
def test_how_a_run_ended_early_is_the_last_line(error: BaseException, sentence: str, tmp_path: Path) -> None:
    with pytest.raises(type(error)), Log(tmp_path / "check.log"):
        raise error
    assert (tmp_path / "check.log").read_text().startswith(f"error: {sentence}")


@pytest.mark.parametrize("place", ["", "file/check.log"])
def test_a_place_that_cannot_be_written_is_a_sentence(place: str, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(LenetError, match=r"cannot be written \(.*\); give --log another place"):
        Log(tmp_path / place)


def test_a_full_disk_costs_the_log_alone() -> None:
    with Log(Path("/dev/full")) as log:
        log.console.print("lost")
        log.console.print("lost too")
    assert log.problem == "/dev/full is not complete: No space left on device."
