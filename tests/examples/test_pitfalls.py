"""Each planted program makes its mistake, and no other."""

from __future__ import annotations

from typing import Any

import jax
import numpy as np
import pytest
import torch

from examples.pitfalls.not_waiting import NotWaiting
from examples.pitfalls.other_epsilon import EPSILON, OtherEpsilon
from examples.pitfalls.own_shuffle import OwnShuffle
from examples.pitfalls.training_mode import Plain, WithDropout
from impls.contract import Backend
from impls.data import Split
from impls.flax.tuned import FlaxTuned
from impls.pytorch.tuned import PyTorchTuned
from impls.spec import ADAM_EPSILON, epoch_order, initial_params
from needs import needs_kernel_compiler


def orders(epochs: int) -> list[np.ndarray]:
    return [epoch_order(0, epoch, 600, 100) for epoch in range(epochs)]


def trained(backend: Backend, split: Split, epochs: int = 2) -> list[np.ndarray]:
    backend.load_params(initial_params(0))
    data = backend.to_device(split)
    return [backend.train_epoch(data, order, 1e-3) for order in orders(epochs)]


@pytest.mark.slow
@needs_kernel_compiler
def test_the_one_that_does_not_wait_differs_in_the_wait_alone(
    made_up: tuple[Split, Split], monkeypatch: pytest.MonkeyPatch
) -> None:
    waits: list[str] = []
    real = jax.block_until_ready

    def counted(tree: Any) -> Any:
        waits.append("wait")
        return real(tree)

    sound, planted = FlaxTuned(), NotWaiting()
    monkeypatch.setattr(jax, "block_until_ready", counted)
    losses = trained(sound, made_up[0], 3)
    assert len(waits) == 1 + 3, "the data, and every epoch"
    waits.clear()
    late = trained(planted, made_up[0], 3)
    assert len(waits) == 1, "the data alone"
    assert not late[0].any()
    np.testing.assert_array_equal(late[1], losses[0])
    np.testing.assert_array_equal(late[2], losses[1])
    for name, value in sound.export_params().items():
        np.testing.assert_array_equal(planted.export_params()[name], value, err_msg=name)
    assert len(planted.train_epoch(planted.to_device(made_up[0]), orders(1)[0][:1], 0.0)) == 1


@needs_kernel_compiler
def test_an_own_shuffle_sees_the_same_images_in_another_order(
    made_up: tuple[Split, Split], monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[np.ndarray] = []
    monkeypatch.setattr(
        PyTorchTuned, "train_epoch", lambda self, data, order, lr: seen.append(order) or np.zeros(len(order), "f4")
    )
    backend = OwnShuffle()
    trained(backend, made_up[0])
    trained(backend, made_up[0])
    first, second, again, _ = seen
    for found, given in zip(seen, orders(2) * 2, strict=True):
        assert found.shape == given.shape
        assert sorted(found.ravel()) == sorted(given.ravel())
        assert (found != given).any()
    assert (first != second).any()
    np.testing.assert_array_equal(first, again, "a run can be repeated")


@needs_kernel_compiler
def test_another_epsilon_is_the_only_number_that_is_changed(made_up: tuple[Split, Split]) -> None:
    sound, planted = PyTorchTuned(), OtherEpsilon()
    for backend in (sound, planted):
        backend.load_params(initial_params(0))
    [ours], [others] = sound.optimizer.param_groups, planted.optimizer.param_groups
    assert (ours["eps"], others["eps"]) == (ADAM_EPSILON, EPSILON)
    assert {name for name in ours if name != "params" and ours[name] != others[name]} == {"eps"}
    losses, theirs = trained(sound, made_up[0], 1)[0], trained(planted, made_up[0], 1)[0]
    assert losses[0] == theirs[0]
    assert (losses != theirs).any()


def test_the_mode_matters_with_dropout_and_not_without(made_up: tuple[Split, Split]) -> None:
    test = made_up[1]
    params = initial_params(0)

    def classes(cls: type[Plain], variant: str) -> list[np.ndarray]:
        backend = cls(variant=variant)
        backend.load_params(params)
        found = [backend.predict(backend.to_device(test)) for _ in range(2)]
        assert backend.model.training, "it trains in training mode again"
        return found

    torch.manual_seed(0)
    plain = [*classes(Plain, "eval"), *classes(Plain, "train")]
    for each in plain[1:]:
        np.testing.assert_array_equal(each, plain[0])
    right, wrong = classes(WithDropout, "eval"), classes(WithDropout, "train")
    np.testing.assert_array_equal(right[0], right[1])
    assert (wrong[0] != wrong[1]).any(), "it still drops units at random"
    assert (wrong[0] != right[0]).any()


def test_dropout_is_lenet_where_nothing_is_dropped(made_up: tuple[Split, Split]) -> None:
    images = made_up[1].images[:10]
    plain, dropout = Plain(), WithDropout()
    for backend in (plain, dropout):
        backend.load_params(initial_params(0))
        backend.model.eval()
    np.testing.assert_array_equal(plain.log_probs(images), dropout.log_probs(images))
