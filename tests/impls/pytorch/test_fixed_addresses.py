"""Parameters and optimizer state stay at their addresses."""

from __future__ import annotations

import numpy as np

from impls.pytorch.cudagraph import PyTorchCUDAGraph
from impls.spec import initial_params


def test_a_new_optimizer_has_its_state_and_changes_no_parameter() -> None:
    backend = PyTorchCUDAGraph()
    backend.load_params(initial_params(0))
    before, addresses = backend.export_params(), [tensor.data_ptr() for tensor in backend._training_state()]
    assert before
    assert len(addresses) == 4 * len(before)
    backend.optimizer = backend._new_optimizer()
    for name, value in backend.export_params().items():
        np.testing.assert_array_equal(value, before[name], err_msg=name)
    addresses = [tensor.data_ptr() for tensor in backend._training_state()]
    backend.load_params(initial_params(1))
    assert [tensor.data_ptr() for tensor in backend._training_state()] == addresses
    assert not any(tensor.any() for tensor in backend._training_state()[len(before) :])
