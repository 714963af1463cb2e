"""Compare the training of a PyTorch variant with that of PyTorch eager."""

from __future__ import annotations

import numpy as np

from impls.data import Split
from impls.pytorch.eager import PyTorch
from impls.spec import epoch_order, initial_params


def assert_trains_as_eager_does(backend: PyTorch, split: Split, batches: tuple[int, ...] = (100, 37)) -> None:
    """Epochs at changing rates and batch sizes, as PyTorch eager does them, and then all over again."""
    eager, runs = PyTorch(device=backend.device.type), []
    for each in (eager, backend):
        data, losses = each.to_device(split), []
        for _ in range(2):
            each.load_params(initial_params(0))
            for epoch, lr in enumerate((1e-3, 0.0, 1e-4)):
                for batch in batches:
                    losses.append(each.train_epoch(data, epoch_order(0, epoch, 6 * batch, batch), lr))
        runs.append((np.concatenate(losses), each.export_params(), each.predict(data)))
    (losses, params, classes), (our_losses, our_params, our_classes) = runs
    np.testing.assert_allclose(our_losses, losses, rtol=2e-4)
    assert params
    for name, value in params.items():
        np.testing.assert_allclose(our_params[name], value, atol=2e-4, err_msg=name)
    assert (our_classes == classes).mean() > 0.99
