"""Made-up images have the form of CIFAR-10's."""

from __future__ import annotations

import numpy as np

from impls.data import to_float
from impls.data.synthetic import synthetic_split
from impls.pytorch.lecture import to_pixels


def test_made_up_images_are_what_totensor_makes_of_8_bit_ones() -> None:
    split = synthetic_split("train", 20)
    np.testing.assert_array_equal(to_float(to_pixels(split.images)), split.images)
