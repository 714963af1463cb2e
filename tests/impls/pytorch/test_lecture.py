"""The lecture's loop trains as eager does, on torchvision's own data set."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from torchvision.datasets import CIFAR10
from torchvision.transforms import ToTensor

from impls.data import Split, to_float
from impls.errors import LenetError
from impls.pytorch.eager import PyTorch
from impls.pytorch.lecture import PyTorchLecture, load_in_order, to_pixels
from impls.spec import epoch_order, initial_params


@pytest.fixture
def lecture() -> PyTorchLecture:
    return PyTorchLecture(variant="lecture", device="cpu")


def test_the_lectures_loop_trains_as_eager_does(lecture: PyTorchLecture, made_up: tuple[Split, Split]) -> None:
    order, runs = epoch_order(0, 0, 600, 100), []
    for backend in (PyTorch(device="cpu"), lecture):
        backend.load_params(initial_params(0))
        runs.append(backend.train_epoch(backend.to_device(made_up[0]), order, 1e-3))
    np.testing.assert_allclose(runs[1], runs[0], rtol=1e-5)


def test_the_lectures_data_are_torchvisions_and_its_batches_the_orders(
    lecture: PyTorchLecture, made_up: tuple[Split, Split]
) -> None:
    data = lecture.to_device(made_up[0])
    assert isinstance(data, CIFAR10)
    assert type(data).__getitem__ is CIFAR10.__getitem__
    assert isinstance(data.transform, ToTensor)
    assert data.data.dtype == np.uint8
    order = epoch_order(0, 0, 600, 150)
    labels = [labels.tolist() for _, labels in load_in_order(data, order)]
    assert labels
    assert labels == made_up[0].labels[order].tolist()


def test_every_8_bit_pixel_is_found_again() -> None:
    pixels = np.arange(256, dtype=np.uint8).repeat(12).reshape(1, 32, 32, 3)
    np.testing.assert_array_equal(to_pixels(to_float(pixels)), pixels)


def test_images_that_never_were_8_bit_are_a_sentence(lecture: PyTorchLecture, made_up: tuple[Split, Split]) -> None:
    images = made_up[0].images.copy()
    images[-1, 2, 31, 31] = np.nextafter(images[-1, 2, 31, 31], np.float32(0.5))
    with pytest.raises(LenetError, match="8-bit images"):
        lecture.to_device(replace(made_up[0], images=images))
