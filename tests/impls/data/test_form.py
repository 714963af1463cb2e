"""Splits from every source have one form, so that a backend which takes one of them takes them all."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import fakes
from bench.guard.backend import Guarded
from impls.data import Split, cache, cifar10_1
from impls.data.cifar10 import Source
from impls.data.mapped import mapped
from impls.data.synthetic import synthetic_split
from impls.errors import BackendError, DataError
from made_up_cifar10_1 import cifar10_1_in

Make = Callable[[], Split]


@pytest.fixture(params=["prepared", "made up", "CIFAR-10.1", "the first of prepared", "the first of made-up"])
def split(request: pytest.FixtureRequest, tiny: Source, tmp_path: Path) -> Split:
    def prepared() -> Split:
        cache.build(tiny, tmp_path)
        return cache.load("train", tmp_path)

    makers: dict[str, Make] = {
        "prepared": prepared,
        "made up": lambda: synthetic_split("train", 10),
        "CIFAR-10.1": lambda: cifar10_1.load(cifar10_1_in(tmp_path / "x")),
        "the first of prepared": lambda: prepared().head(5),
        "the first of made-up": lambda: synthetic_split("train", 10).head(5),
    }
    return makers[request.param]()


def form(array: np.ndarray) -> dict[str, Any]:
    """All that code could rely on, but for the size."""
    return {
        "type": type(array),
        "dtype": array.dtype,
        "byte order": array.dtype.byteorder,
        "flags": {flag: array.flags[flag] for flag in ("C", "F", "O", "W", "A", "X")},
        "shape of one": array.shape[1:],
        "mode": getattr(array, "mode", None),
        "offset": getattr(array, "offset", None),
    }


def test_images_are_a_read_only_memory_map(split: Split) -> None:
    assert form(split.images) == {
        "type": np.memmap,
        "dtype": np.float32,
        "byte order": "=",
        "flags": {"C": True, "F": False, "O": False, "W": False, "A": True, "X": False},
        "shape of one": (3, 32, 32),
        "mode": "r",
        "offset": 128,
    }
    assert 0 <= split.images.min() < split.images.max() <= 1


def test_labels_are_an_array_of_their_own(split: Split, request: pytest.FixtureRequest) -> None:
    whole = "first" not in request.node.callspec.params["split"]
    assert form(split.labels) == {
        "type": np.ndarray,
        "dtype": np.int64,
        "byte order": "=",
        "flags": {"C": True, "F": True, "O": whole, "W": True, "A": True, "X": False},
        "shape of one": (),
        "mode": None,
        "offset": None,
    }
    assert len(split.labels) == len(split.images) == len(split)


@pytest.mark.parametrize(
    ("backend", "sentence"),
    [
        (fakes.WritesIntoItsImages, "to_device raised ValueError: .*read-only"),
        (fakes.HandsItsImagesToTorch, "to_device raised UserWarning: The given NumPy array is not writable"),
    ],
)
def test_what_a_backend_cannot_do_with_one_it_can_do_with_none(
    split: Split, backend: type[fakes.Sound], sentence: str
) -> None:
    before = split.images.copy()
    with pytest.raises(BackendError, match=sentence):
        Guarded(backend()).to_device(split)
    np.testing.assert_array_equal(split.images, before)


def test_made_up_images_are_the_same_as_ever() -> None:
    assert synthetic_split("train", 20).fingerprint == "synthetic-7a401d2330da"
    assert synthetic_split("test", 200).fingerprint == "synthetic-5b5c9f59d09b"


def test_mapped_images_leave_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where a system has no files in memory, it is a temporary one without a name."""
    monkeypatch.delattr("os.memfd_create", raising=False)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    images = np.arange(12, dtype=np.float32).reshape(2, 6)
    found = mapped(images)
    np.testing.assert_array_equal(found, images)
    assert isinstance(found, np.memmap)
    assert found.filename is None
    assert list(tmp_path.iterdir()) == []


def test_no_room_for_the_images_is_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    def full() -> Any:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("impls.data.mapped._file_without_a_name", full)
    with pytest.raises(DataError, match=r"There is no room for 24 bytes of images \(.*No space left"):
        mapped(np.zeros(6, np.float32))
