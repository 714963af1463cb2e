"""Only one measurement at a time holds the machine."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from bench.base.lock import machine_lock
from impls.errors import LenetError


def test_two_measurements_notice_each_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LENET_LOCK", str(tmp_path / "lock"))
    sentence = rf"under way on this machine \(process {os.getpid()}, since "
    with machine_lock(), pytest.raises(LenetError, match=sentence), machine_lock():
        pass
    with machine_lock():
        pass


def test_a_lock_that_cannot_be_had_is_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LENET_LOCK", "/proc/none/lock")
    with pytest.raises(LenetError, match="lock /proc/none/lock cannot be taken"), machine_lock():
        pass


def test_a_lock_that_is_a_link_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "theirs").write_text("precious")
    (tmp_path / "lock").symlink_to(tmp_path / "theirs")
    monkeypatch.setenv("LENET_LOCK", str(tmp_path / "lock"))
    with pytest.raises(LenetError, match=r"lock .* cannot be taken \(it is a link"), machine_lock():
        pass
    assert (tmp_path / "theirs").read_text() == "precious"


def test_a_link_that_is_planted_after_the_look_is_not_followed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "theirs").write_text("precious")
    (tmp_path / "lock").symlink_to(tmp_path / "theirs")
    monkeypatch.setenv("LENET_LOCK", str(tmp_path / "lock"))
    monkeypatch.setattr(Path, "is_symlink", lambda self: False)
    with pytest.raises(LenetError, match="cannot be taken"), machine_lock():
        pass
    assert (tmp_path / "theirs").read_text() == "precious"


def test_the_holders_file_is_never_written_through_a_link(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    precious = tmp_path / "precious"
    precious.write_text("precious")
    (tmp_path / "lock.holder").symlink_to(precious)
    monkeypatch.setenv("LENET_LOCK", str(tmp_path / "lock"))
    with machine_lock():
        assert precious.read_text() == "precious"
    assert precious.read_text() == "precious"


@pytest.mark.parametrize("plant", ["link", "pipe", "text"])
def test_what_others_left_for_the_holders_name_is_not_repeated(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, plant: str
) -> None:
    monkeypatch.setenv("LENET_LOCK", str(tmp_path / "lock"))
    holder = tmp_path / "lock.holder"
    (tmp_path / "secret").write_text("process 1, since 00:00")
    with machine_lock():
        holder.unlink()
        if plant == "link":
            holder.symlink_to(tmp_path / "secret")
        elif plant == "pipe":
            os.mkfifo(holder)
        else:
            holder.write_text("\033[31mrun this")
        with pytest.raises(LenetError, match=r"under way on this machine \(another process\)"), machine_lock():
            pass
