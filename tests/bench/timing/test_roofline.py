"""How much work an epoch is: by hand, and as PyTorch counts it."""

import numpy as np
import pytest
import torch
from torch.utils.flop_counter import FlopCounterMode

from bench.timing.roofline import epoch_bytes, epoch_flops, floor_seconds, multiply_adds
from impls.pytorch.eager import LeNet


def test_multiply_adds_by_hand() -> None:
    assert multiply_adds("fc3") == 84 * 10
    assert multiply_adds("fc1") == 400 * 120
    assert multiply_adds("conv2") == 16 * 10 * 10 * (6 * 5 * 5)  # outputs, and what each is a sum of
    assert multiply_adds("conv1") == 6 * 28 * 28 * (3 * 5 * 5)


def test_flops_of_an_image_and_an_epoch() -> None:
    assert epoch_flops(1) == 3_204_720
    assert epoch_flops(50_000) == pytest.approx(160.2e9, rel=1e-3)


def test_flops_are_those_that_pytorch_counts() -> None:
    """Its images require no gradient, so conv1's input has none there either."""
    model, images = LeNet(), torch.zeros(7, 3, 32, 32)
    with FlopCounterMode(display=False) as counter:
        model(images).sum().backward()
    assert counter.get_total_flops() == epoch_flops(7)


def test_bytes_by_hand() -> None:
    image, label, index = np.zeros((3, 32, 32), np.float32).nbytes, 8, 8
    assert epoch_bytes(1, 0) == image + label + index
    assert epoch_bytes(0, 1) == 62_006 * 4 * 3 * 2  # parameters and two moments, read and written


def test_the_floor_is_the_longer_of_arithmetic_and_traffic() -> None:
    assert floor_seconds(100, 10, flops_per_second=50, bytes_per_second=10) == 2
    assert floor_seconds(100, 10, flops_per_second=50, bytes_per_second=1) == 10
