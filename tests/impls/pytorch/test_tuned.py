"""PyTorch's tuned variant gives the same bits with any number of threads, and reads no image that is not there."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from impls.data import Split
from impls.pytorch.tuned import Conv1ReLUPool, Conv2ReLUPool, PyTorchTuned
from impls.spec import initial_params
from needs import needs_kernel_compiler

pytestmark = needs_kernel_compiler


def test_threads_change_no_bit(made_up: tuple[Split, Split]) -> None:
    images, index = torch.tensor(made_up[0].images), torch.arange(50)
    parameters = [torch.tensor(value, requires_grad=True) for value in list(initial_params(0).values())[:4]]
    before, found = torch.get_num_threads(), []
    try:
        for threads in (1, 2, 3):
            torch.set_num_threads(threads)
            pool1 = Conv1ReLUPool.apply(images, index, *parameters[:2])
            pool2 = Conv2ReLUPool.apply(pool1, *parameters[2:])
            found.append((pool2, *torch.autograd.grad(pool2, parameters, grad_outputs=pool2.detach())))
    finally:
        torch.set_num_threads(before)
    for other in found[1:]:
        for one, two in zip(found[0], other, strict=True):
            assert torch.equal(one, two)


def test_an_order_beyond_the_images_is_refused(made_up: tuple[Split, Split]) -> None:
    """C++ would read what lies there. XLA's gathers clamp instead, and so does the kernel's index."""
    backend = PyTorchTuned()
    backend.load_params(initial_params(0))
    with pytest.raises(IndexError, match="600"):
        backend.train_epoch(backend.to_device(made_up[0]), np.full((1, 100), 600), 1e-3)
