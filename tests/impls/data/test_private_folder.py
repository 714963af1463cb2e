"""What only this user may write to is found, made and refused as it should be."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from impls.data import private_folder as module
from impls.data.private_folder import own_folder, private_folder
from impls.errors import DataError


@pytest.fixture
def places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, Path]:
    """The private folder in the cache, and that in the temporary folder."""
    (tmp_path / "tmp").mkdir()
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr(module.tempfile, "gettempdir", lambda: str(tmp_path / "tmp"))
    return tmp_path / "cache" / "lenet-parity-private", tmp_path / "tmp" / f"lenet-parity-{os.geteuid()}"


def test_it_is_made_for_this_user_alone(places: tuple[Path, Path]) -> None:
    folder = private_folder("native")
    assert folder == places[0] / "native" == private_folder("native")
    assert (folder.stat().st_mode & 0o777, folder.parent.stat().st_mode & 0o777) == (0o700, 0o700)


def test_where_the_cache_cannot_be_used_it_is_in_the_temporary_folder(
    places: tuple[Path, Path], tmp_path: Path
) -> None:
    (tmp_path / "cache").write_text("not a folder")
    assert private_folder("native") == places[1] / "native"


@pytest.mark.parametrize("attack", ["link", "open to others", "another user's", "replaceable"])
def test_a_folder_that_others_can_write_to_is_refused(
    places: tuple[Path, Path], attack: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    sentence = {
        "link": "is not a folder",
        "open to others": "is open to other users; run `chmod 700",
        "another user's": "belongs to another user",
        "replaceable": "everybody can replace what is in",
    }[attack]
    (tmp_path / "theirs").mkdir(mode=0o700)
    for place in places:
        place.parent.mkdir(exist_ok=True)
        if attack == "link":
            place.symlink_to(tmp_path / "theirs")
        else:
            place.mkdir(mode=0o700)
        if attack == "open to others":
            place.chmod(0o770)
        if attack == "replaceable":
            place.parent.chmod(0o777)
    if attack == "another user's":
        real = os.geteuid()
        monkeypatch.setattr(module, "_places", lambda: places)
        monkeypatch.setattr(module.os, "geteuid", lambda: real + 1)
    with pytest.raises(DataError, match=sentence):
        private_folder("native")
    assert list((tmp_path / "theirs").iterdir()) == []


def test_a_data_folder_of_ones_own_keeps_what_belongs_to_it(places: tuple[Path, Path], tmp_path: Path) -> None:
    assert own_folder(tmp_path / "data", "oracle") == tmp_path / "data" / "oracle"


@pytest.mark.parametrize("shared", ["data", "data/oracle"])
def test_a_shared_data_folder_keeps_nothing_that_is_trusted(
    places: tuple[Path, Path], tmp_path: Path, shared: str
) -> None:
    (tmp_path / "data" / "oracle").mkdir(parents=True)
    (tmp_path / shared).chmod(0o777)
    assert own_folder(tmp_path / "data", "oracle") == places[0] / "oracle"


def test_a_data_folder_that_cannot_be_written_keeps_nothing(places: tuple[Path, Path]) -> None:
    assert own_folder(Path("/proc"), "oracle") == places[0] / "oracle"
