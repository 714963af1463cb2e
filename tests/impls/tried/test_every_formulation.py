"""Every formulation that was tried is the oracle's computation, ties and dead units included."""

from __future__ import annotations

import numpy as np
import pytest

from formulations import tried
from impls.contract import Backend
from impls.data import Split
from impls.reference.backend import Reference
from impls.spec import epoch_order, initial_params

TRIED = [  # without TorchCompileCells, which takes half a minute to compile
    *("fused_adam:FusedAdam", "channels_last:ChannelsLast", "torch_block_matrix:TorchBlockMatrix"),
    "gathered_first:GatheredFirst",
    *("flax_block_matrix:FlaxBlockMatrix", "flax_canonical_scan:FlaxCanonicalScan"),
]

FLOAT32 = 5e-6
"""Of the largest gradient: float32's 6e-8 in each of the some 10,000 terms that a gradient of conv1 sums, at random."""


@pytest.fixture(params=TRIED)
def backend(request: pytest.FixtureRequest) -> Backend:
    return tried(request.param)


def special_images(kind: str, images: np.ndarray) -> np.ndarray:
    if kind == "ties":  # of two values only, in runs of pixels, so that many windows have equal maxima
        return np.rint(images[:, :, ::4, ::4]).repeat(4, axis=2).repeat(4, axis=3)
    return np.zeros_like(images) if kind == "black" else images


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["ordinary", "ties", "black"])
def test_gradients_are_the_oracles(backend: Backend, kind: str, made_up: tuple[Split, Split]) -> None:
    truth = Reference(variant="float64", device="cpu")
    images, labels = special_images(kind, made_up[0].images[:50]), made_up[0].labels[:50]
    for each in (backend, truth):
        each.load_params(initial_params(3))
    (loss, grads), (true_loss, true_grads) = (each.loss_and_grads(images, labels) for each in (backend, truth))
    assert loss == pytest.approx(true_loss, rel=1e-6)
    np.testing.assert_allclose(backend.log_probs(images), truth.log_probs(images), rtol=1e-5)
    assert true_grads
    for name, true in true_grads.items():
        np.testing.assert_allclose(grads[name], true, atol=FLOAT32 * np.abs(true).max(), err_msg=name)


@pytest.mark.slow
def test_an_epoch_is_that_of_the_oracle(backend: Backend, made_up: tuple[Split, Split]) -> None:
    train, test = made_up
    runs = []
    for each in (backend, Reference(variant="float64", device="cpu")):
        each.load_params(initial_params(0))
        losses = each.train_epoch(each.to_device(train), epoch_order(0, 0, 600, 100), 1e-3)
        runs.append((losses, each.predict(each.to_device(test))))
    np.testing.assert_allclose(runs[0][0], runs[1][0], rtol=1e-4)
    assert (runs[0][1] == runs[1][1]).mean() > 0.99


def test_it_is_fed_the_same_bytes(backend: Backend, made_up: tuple[Split, Split]) -> None:
    train, indices = made_up[0], np.array([3, 599, 0, 3])
    images, labels = backend.read_batch(backend.to_device(train), indices)
    np.testing.assert_array_equal(images, train.images[indices])
    np.testing.assert_array_equal(labels, train.labels[indices])


def test_it_is_its_own_program_that_is_trained(backend: Backend) -> None:
    """Else several seeds at once would be trained by another formulation than the one that was asked for."""
    assert backend.many() is None
