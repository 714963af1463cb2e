"""CIFAR-10.1 is read as its authors publish it, and anything of another form is refused."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from impls import data
from impls.data import cifar10_1
from impls.data.pixels import divided
from impls.errors import DataError
from made_up_cifar10_1 import cifar10_1_in


def test_cifar10_1_goes_the_way_of_cifar10(tmp_path: Path) -> None:
    folder = cifar10_1_in(tmp_path / "x")
    split = cifar10_1.load(folder)
    pixels = np.load(folder / cifar10_1.IMAGES)
    np.testing.assert_array_equal(split.images, data.to_float(pixels))
    assert split.images.flags.c_contiguous
    every = np.arange(256, dtype=np.uint8).repeat(12).reshape(1, 32, 32, 3)
    np.testing.assert_array_equal(divided(every), data.to_float(every))
    np.testing.assert_array_equal(split.labels, np.load(folder / cifar10_1.LABELS))
    assert (split.labels.dtype, split.images.dtype) == (np.int64, np.float32)


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        (cifar10_1.IMAGES, None, "cannot be read .*; give the folder of cifar10.1_v6_data.npy"),
        (cifar10_1.LABELS, None, "cannot be read"),
        (cifar10_1.IMAGES, np.zeros((20, 3, 32, 32), np.uint8), r"uint8\(20, 3, 32, 32\) where uint8\(N, 32, 32, 3\)"),
        (cifar10_1.IMAGES, np.zeros((20, 32, 32, 3)), "float64"),
        (cifar10_1.IMAGES, np.zeros((0, 32, 32, 3), np.uint8), "was expected"),
        (cifar10_1.LABELS, np.zeros(19, np.int64), "does not hold a class from 0 to 9 for each of 20 images"),
        (cifar10_1.LABELS, np.full(20, 10), "does not hold a class"),
        (cifar10_1.LABELS, np.zeros(20), "does not hold a class"),
    ],
)
def test_another_test_set_of_another_form_is_a_sentence(
    tmp_path: Path, name: str, content: np.ndarray | None, sentence: str
) -> None:
    folder = cifar10_1_in(tmp_path / "x")
    (folder / name).unlink()
    if content is not None:
        np.save(folder / name, content)
    with pytest.raises(DataError, match=sentence):
        cifar10_1.load(folder)
