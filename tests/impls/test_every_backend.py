"""Every built-in backend keeps the contract, and agrees with the others."""

from __future__ import annotations

import numpy as np
import pytest

from bench.parity.oracle import hash_batch
from impls import registry
from impls.contract import Backend
from impls.data import Split
from impls.data.synthetic import synthetic_split
from impls.errors import DeviceUnavailableError, PrecisionUnavailableError
from impls.flax.probe import JaxProbe
from impls.pytorch.probe import TorchProbe
from impls.spec import Params, epoch_order, initial_params
from our_backends import IN_EVERY_PRECISION, make

OURS = [  # pytorch:compile takes too long for each of these tests; it has its own in pytorch/test_compile.py
    *("pytorch:eager", "pytorch:tuned", "pytorch:lecture", "pytorch:cudagraph"),
    *("flax:jit", "flax:scan", "flax:tuned", "reference:float64", "reference:float32"),
]


@pytest.fixture(params=OURS)
def backend(request: pytest.FixtureRequest) -> Backend:
    return make(request.param)


def test_parameters_make_the_round_trip_exactly(backend: Backend) -> None:
    params = initial_params(7)
    backend.load_params(params)
    back = backend.export_params()
    assert list(back) == list(params)
    assert params
    for name, value in params.items():
        assert back[name].dtype == np.float32
        assert back[name].flags.c_contiguous
        np.testing.assert_array_equal(back[name], value, err_msg=name)


@pytest.mark.slow
def test_exported_parameters_are_not_changed_by_training(backend: Backend, made_up: tuple[Split, Split]) -> None:
    backend.load_params(initial_params(0))
    before = backend.export_params()
    kept = {name: value.copy() for name, value in before.items()}
    backend.train_epoch(backend.to_device(made_up[0]), epoch_order(0, 0, 400, 100), 1e-3)
    after = backend.export_params()
    assert kept
    for name, value in kept.items():
        np.testing.assert_array_equal(before[name], value, err_msg=name)
        assert (after[name] != value).any(), f"{name} did not train"


@pytest.mark.slow
def test_training_goes_on_from_its_exported_state_to_the_bit(backend: Backend, made_up: tuple[Split, Split]) -> None:
    train = backend.to_device(made_up[0])

    def two_epochs(*, stopped: bool) -> tuple[np.ndarray, Params]:
        backend.load_params(initial_params(0))
        backend.train_epoch(train, epoch_order(0, 0, 400, 100), 1e-3)
        if stopped:
            params, state = backend.export_params(), backend.export_optimizer()
            assert state is not None
            assert state.steps == 4
            backend.train_epoch(train, epoch_order(0, 5, 400, 100), 1e-3)  # which changes nothing of what was exported
            backend.load_params(params)
            backend.load_optimizer(state)
        return backend.train_epoch(train, epoch_order(0, 1, 400, 100), 1e-3), backend.export_params()

    losses, params = two_epochs(stopped=False)
    resumed, again = two_epochs(stopped=True)
    if getattr(backend, "dtype", None) == np.float64:  # more than the float32 that goes over the line
        np.testing.assert_allclose(resumed, losses, rtol=1e-6)
        return
    np.testing.assert_array_equal(resumed, losses)
    assert params
    for name, value in params.items():
        np.testing.assert_array_equal(again[name], value, err_msg=name)


def test_every_backend_is_fed_the_same_bytes(backend: Backend, made_up: tuple[Split, Split]) -> None:
    train = made_up[0]
    order = epoch_order(0, 3, len(train), 100)
    data = backend.to_device(train)
    fed = [hash_batch(*backend.read_batch(data, indices)) for indices in order]
    assert fed
    assert fed == [hash_batch(train.images[indices], train.labels[indices]) for indices in order]


@pytest.mark.slow
def test_training_follows_the_order_given(backend: Backend, made_up: tuple[Split, Split]) -> None:
    """At a learning rate of 0 each step's loss is that of its batch alone, whatever came before."""
    train = made_up[0]
    params, order = initial_params(0), epoch_order(0, 0, len(train), 100)
    backend.load_params(params)
    losses = backend.train_epoch(backend.to_device(train), order, 0.0)
    alone = [backend.loss_and_grads(train.images[i], train.labels[i])[0] for i in order]
    assert alone
    np.testing.assert_allclose(losses, alone, rtol=4 * np.finfo(np.float32).eps)
    np.testing.assert_array_equal(backend.export_params()["fc1.weight"], params["fc1.weight"])


@pytest.mark.slow
def test_loading_parameters_resets_the_optimizer(backend: Backend, made_up: tuple[Split, Split]) -> None:
    data, order = backend.to_device(made_up[0]), epoch_order(0, 0, 400, 100)
    runs = []
    for _ in range(2):
        backend.load_params(initial_params(0))
        runs.append(backend.train_epoch(data, order, 1e-3))
    np.testing.assert_allclose(runs[0], runs[1], rtol=1e-5)


@pytest.mark.slow
def test_training_learns(backend: Backend, made_up: tuple[Split, Split]) -> None:
    train, test = made_up
    backend.load_params(initial_params(0))
    data = backend.to_device(train)
    losses = [backend.train_epoch(data, epoch_order(0, epoch, 400, 100), 2e-3).mean() for epoch in range(8)]
    assert losses[-1] < 0.8 * losses[0]
    accuracy = (backend.predict(backend.to_device(test)) == test.labels).mean()
    assert accuracy > 0.2  # ten classes: guessing gives 0.1


@pytest.mark.slow
def test_last_short_batch_of_predict_is_kept(backend: Backend) -> None:
    """1,234 images: no batch size of ours divides that."""
    split = synthetic_split("test", 1234)
    backend.load_params(initial_params(0))
    classes = backend.predict(backend.to_device(split))
    np.testing.assert_array_equal(classes, backend.log_probs(split.images).argmax(axis=1))


@pytest.mark.parametrize("name", ["pytorch", "flax", "reference"])
def test_a_device_that_is_not_there(name: str) -> None:
    choice = registry.choices(name)[0]
    with pytest.raises(DeviceUnavailableError, match="--device cpu"):
        registry.load(choice)(variant=choice.variant or "", device="cuda")


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("pytorch:eager", TorchProbe),
        ("pytorch:lecture", TorchProbe),
        ("pytorch:cudagraph", TorchProbe),
        ("flax:jit", JaxProbe),
        ("reference:float32", type(None)),
    ],
)
def test_our_backends_have_their_frameworks_probe(name: str, kind: type) -> None:
    [choice] = registry.choices(name)
    assert isinstance(registry.load(choice)(variant=choice.variant or "", device="cpu").probe(), kind)


@pytest.mark.parametrize("name", IN_EVERY_PRECISION)
def test_bf16_is_another_computation_but_hardly_another_result(name: str, made_up: tuple[Split, Split]) -> None:
    found = {}
    for precision in ("fp32", "bf16"):
        backend = make(name, precision)
        backend.load_params(initial_params(0))
        found[precision] = backend.log_probs(made_up[0].images[:10])
    assert (found["bf16"] != found["fp32"]).mean() > 0.9
    np.testing.assert_allclose(found["bf16"], found["fp32"], atol=0.02)


@pytest.mark.parametrize("name", IN_EVERY_PRECISION)
def test_tf32_on_a_cpu_is_a_sentence(name: str) -> None:
    with pytest.raises(PrecisionUnavailableError, match=r"TF32 needs an NVIDIA GPU .* this is none; use --precision"):
        make(name, "tf32")
