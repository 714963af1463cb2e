"""The kernels agree with the oracle where a kernel may go wrong."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from impls.contract import Backend
from impls.data import Split
from impls.flax.tuned import FlaxTuned
from impls.pytorch.tuned import PyTorchTuned
from impls.reference.backend import Reference
from impls.spec import epoch_order, initial_params
from needs import needs_kernel_compiler

pytestmark = needs_kernel_compiler
both = pytest.mark.parametrize("tuned", [PyTorchTuned, FlaxTuned])

FLOAT32 = 3e-6
"""Of the largest gradient: float32's 6e-8 in each of the some 2,500 terms that a gradient of conv2 sums, at random."""


def oracle() -> Reference:
    return Reference(variant="float64", device="cpu")


@pytest.mark.slow
@both
@pytest.mark.parametrize("batch", [1, 2, 15, 16, 17, 33, 100])
def test_gradients_of_a_batch_of_any_size(
    tuned: Callable[[], Backend], batch: int, made_up: tuple[Split, Split]
) -> None:
    """Batches smaller than the parts that they are cut into, as large, and larger, with a rest and without one."""
    backend, truth = tuned(), oracle()
    params, split = initial_params(3), made_up[0]
    for each in (backend, truth):
        each.load_params(params)
    loss, grads = backend.loss_and_grads(split.images[:batch], split.labels[:batch])
    true_loss, true_grads = truth.loss_and_grads(split.images[:batch], split.labels[:batch])
    assert loss == pytest.approx(true_loss, rel=1e-6)
    assert true_grads
    for name, true in true_grads.items():
        np.testing.assert_allclose(grads[name], true, atol=FLOAT32 * np.abs(true).max(), err_msg=name)


@pytest.mark.slow
@both
@pytest.mark.parametrize("place", range(4))
def test_a_gradient_goes_to_the_place_of_the_maximum(tuned: Callable[[], Backend], place: int) -> None:
    """Images that are bright at one place of every 2x2 only, and a kernel that passes a pixel through."""
    params = {name: np.zeros_like(value) for name, value in initial_params(0).items()}
    params["conv1.weight"][:, :, 2, 2] = 1
    params["conv2.weight"][:, :, 2, 2] = np.linspace(0.1, 1, 16)[:, None]
    for name in ("fc1.weight", "fc2.weight", "fc3.weight"):
        params[name] = np.random.default_rng(0).random(params[name].shape, np.float32)
    images = np.zeros((3, 3, 32, 32), np.float32)
    images[:, :, place // 2 :: 2, place % 2 :: 2] = np.random.default_rng(1).random((3, 3, 16, 16), np.float32)
    backend, truth = tuned(), oracle()
    for each in (backend, truth):
        each.load_params(params)
    (_, grads), (_, true_grads) = (each.loss_and_grads(images, np.arange(3)) for each in (backend, truth))
    assert np.abs(true_grads["conv1.weight"]).max() > 0
    for name, true in true_grads.items():
        np.testing.assert_allclose(grads[name], true, atol=FLOAT32 * np.abs(true).max(), err_msg=name)


@both
def test_what_is_not_a_number_stays_so(tuned: Callable[[], Backend], made_up: tuple[Split, Split]) -> None:
    """ReLU and maximum must not make a 0 of it: a diverged run would look like a bad one."""
    backend = tuned()
    params = initial_params(0)
    params["conv1.weight"][2, 1, 0, 0] = np.nan
    backend.load_params(params)
    assert np.isnan(backend.log_probs(made_up[0].images[:3])).all()


@pytest.mark.slow
@both
def test_an_epoch_is_that_of_the_oracle(tuned: Callable[[], Backend], made_up: tuple[Split, Split]) -> None:
    train, test = made_up
    runs = []
    for backend in (tuned(), oracle()):
        backend.load_params(initial_params(0))
        data = backend.to_device(train)
        losses = [backend.train_epoch(data, epoch_order(0, epoch, 600, 100), 1e-3) for epoch in range(2)]
        runs.append((np.concatenate(losses), backend.predict(backend.to_device(test))))
    np.testing.assert_allclose(runs[0][0], runs[1][0], rtol=1e-4)
    assert (runs[0][1] == runs[1][1]).mean() > 0.99
