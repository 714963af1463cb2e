"""What torch.compile makes is kept where nobody else could have put it."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.base.environment import recorded
from bench.worker import process
from bench.worker.process import worker_environment
from impls.errors import DataError

NAME = "TORCHINDUCTOR_CACHE_DIR"


@pytest.mark.parametrize("before", [None, ""])
def test_compiled_code_is_in_a_folder_of_this_user_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, before: str | None
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.delenv(NAME, raising=False)
    if before is not None:
        monkeypatch.setenv(NAME, before)
    environment = worker_environment(2)
    folder = Path(environment[NAME])
    assert folder == tmp_path / "lenet-parity-private" / "torchinductor"
    assert folder.stat().st_mode & 0o777 == 0o700
    assert NAME not in recorded(environment), "or no run before could be compared with one after"


def test_a_folder_that_the_user_chose_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(NAME, "/somewhere/else")
    assert worker_environment(2)[NAME] == "/somewhere/else"


def test_without_a_private_folder_it_is_in_one_of_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    def none(name: str) -> Path:
        raise DataError("There is none.")

    monkeypatch.delenv(NAME, raising=False)
    monkeypatch.setattr(process, "private_folder", none)
    folder = Path(worker_environment(2)[NAME])
    assert folder == Path(worker_environment(2)[NAME])
    assert folder.stat().st_mode & 0o777 == 0o700
