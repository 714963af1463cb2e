"""The bare script reads the images that it is given, from the file that they are mapped from where that is possible."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from bench.worker.bare_process import BareProcess
from impls.data.synthetic import synthetic_split


@pytest.fixture
def bare() -> Iterator[BareProcess]:
    """One that is not started."""
    found = BareProcess.__new__(BareProcess)
    with tempfile.TemporaryDirectory() as folder:
        found._folder = SimpleNamespace(name=folder)
        yield found


@pytest.fixture
def stored(tmp_path: Path) -> np.memmap:
    np.save(tmp_path / "images.npy", np.arange(60, dtype=np.float32).reshape(10, 6))
    return np.load(tmp_path / "images.npy", mmap_mode="r")


def test_a_file_that_is_there_is_read_where_it_is(bare: BareProcess, stored: np.memmap) -> None:
    assert bare._file("images", stored) == str(stored.filename)


@pytest.mark.parametrize("what", ["removed", "replaced", "head", "tail", "made up", "every second", "backwards"])
def test_the_script_gets_these_images_and_no_others(bare: BareProcess, stored: np.memmap, what: str) -> None:
    path = Path(str(stored.filename))
    if what == "removed":
        path.unlink()
    if what == "replaced":
        path.unlink()
        path.write_bytes(b"something else")
    given = {
        "head": stored[:4],
        "tail": stored[5:],
        "every second": stored[::2],
        "backwards": stored[::-1],
        "made up": synthetic_split("train", 10).images,
    }.get(what, stored)
    file = bare._file("images", given)
    assert file != str(path)
    np.testing.assert_array_equal(np.load(file), given)
