"""The built-in backends against the contract, and against one another."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from torchvision.datasets import CIFAR10
from torchvision.transforms import ToTensor

from bench.parity.oracle import hash_batch
from impls import registry
from impls.contract import Backend
from impls.data import Split, to_float
from impls.errors import DeviceUnavailableError, LenetError, UnknownBackendError
from impls.initial import initial_params
from impls.order import epoch_order
from impls.pytorch import PyTorch
from impls.pytorch_lecture import PyTorchLecture, load_in_order, to_pixels
from impls.spec import Params
from impls.synthetic import synthetic_split

OURS = [  # pytorch:compile takes too long for each of these tests; it has its own in test_gpu_variants.py
    *("pytorch:eager", "pytorch:tuned", "pytorch:lecture", "pytorch:cudagraph"),
    *("flax:jit", "flax:scan", "flax:tuned", "reference:float64", "reference:float32"),
]


@pytest.fixture(params=OURS)
def backend(request: pytest.FixtureRequest) -> Backend:
    [choice] = registry.choices(request.param)
    return registry.load(choice)(variant=choice.variant or "", device="cpu")


def test_listed_variants_are_the_classes_own() -> None:
    for name, entry in registry.BUILT_IN.items():
        classes = list(dict.fromkeys(registry.load(choice) for choice in registry.choices(name)))
        assert {cls.name for cls in classes} == {name}
        assert tuple(variant for cls in classes for variant in cls.variants) == entry.variants


def test_parameters_make_the_round_trip_exactly(backend: Backend) -> None:
    params = initial_params(7)
    backend.load_params(params)
    back = backend.export_params()
    assert list(back) == list(params)
    for name, value in params.items():
        assert back[name].dtype == np.float32
        assert back[name].flags.c_contiguous
        np.testing.assert_array_equal(back[name], value, err_msg=name)


def test_exported_parameters_are_not_changed_by_training(backend: Backend, made_up: tuple[Split, Split]) -> None:
    backend.load_params(initial_params(0))
    before = backend.export_params()
    kept = {name: value.copy() for name, value in before.items()}
    backend.train_epoch(backend.to_device(made_up[0]), epoch_order(0, 0, 400, 100), 1e-3)
    after = backend.export_params()
    for name, value in kept.items():
        np.testing.assert_array_equal(before[name], value, err_msg=name)
        assert (after[name] != value).any(), f"{name} did not train"


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
    for name, value in params.items():
        np.testing.assert_array_equal(again[name], value, err_msg=name)


def test_every_backend_is_fed_the_same_bytes(backend: Backend, made_up: tuple[Split, Split]) -> None:
    train = made_up[0]
    order = epoch_order(0, 3, len(train), 100)
    data = backend.to_device(train)
    fed = [hash_batch(*backend.read_batch(data, indices)) for indices in order]
    assert fed == [hash_batch(train.images[indices], train.labels[indices]) for indices in order]


def test_training_follows_the_order_given(backend: Backend, made_up: tuple[Split, Split]) -> None:
    """At a learning rate of 0 each step's loss is that of its batch alone, whatever came before."""
    train = made_up[0]
    params, order = initial_params(0), epoch_order(0, 0, len(train), 100)
    backend.load_params(params)
    losses = backend.train_epoch(backend.to_device(train), order, 0.0)
    alone = [backend.loss_and_grads(train.images[i], train.labels[i])[0] for i in order]
    np.testing.assert_allclose(losses, alone, rtol=4 * np.finfo(np.float32).eps)
    np.testing.assert_array_equal(backend.export_params()["fc1.weight"], params["fc1.weight"])


def test_loading_parameters_resets_the_optimizer(backend: Backend, made_up: tuple[Split, Split]) -> None:
    data, order = backend.to_device(made_up[0]), epoch_order(0, 0, 400, 100)
    runs = []
    for _ in range(2):
        backend.load_params(initial_params(0))
        runs.append(backend.train_epoch(data, order, 1e-3))
    np.testing.assert_allclose(runs[0], runs[1], rtol=1e-5)


def test_training_learns(backend: Backend, made_up: tuple[Split, Split]) -> None:
    train, test = made_up
    backend.load_params(initial_params(0))
    data = backend.to_device(train)
    losses = [backend.train_epoch(data, epoch_order(0, epoch, 400, 100), 2e-3).mean() for epoch in range(8)]
    assert losses[-1] < 0.8 * losses[0]
    accuracy = (backend.predict(backend.to_device(test)) == test.labels).mean()
    assert accuracy > 0.2  # ten classes: guessing gives 0.1


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
    ("name", "sentence"),
    [
        ("pytroch", "There is no backend 'pytroch'; did you mean pytorch"),
        ("pytorch:compiled", "pytorch has no variant 'compiled'; it has eager, .*compile"),
        ("nosuch.module:Thing", "The module nosuch.module does not import .* is its framework installed"),
        ("fakes:NotABackend", "fakes:NotABackend is not a subclass of impls.contract.Backend"),
        ("fakes:Soud", "The module fakes has no Soud; did you mean Sound?"),
        ("impls.pytorch:PyTorch:lecture", "impls.pytorch:PyTorch has no variant 'lecture'; it has eager"),
        ("fakes:Sound:float16", "fakes:Sound has no variant 'float16'; it has float32, float64"),
    ],
)
def test_unknown_backends_are_a_sentence(name: str, sentence: str) -> None:
    with pytest.raises(UnknownBackendError, match=sentence):
        registry.load(registry.choices(name)[0])


def test_a_class_that_lacks_a_method_is_named() -> None:
    with pytest.raises(UnknownBackendError, match="fakes:LacksMethods lacks .*predict"):
        registry.load(registry.choices("fakes:LacksMethods")[0])


def test_a_third_partys_variants_can_be_chosen() -> None:
    [choice] = registry.choices("fakes:Sound:float64")
    assert (choice.label, choice.variant) == ("fakes:Sound:float64", "float64")
    [default] = registry.choices("fakes:Sound")
    assert default.variant is None


# --- the lecture's loop ---------------------------------------------------------------------------------------


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
    assert labels == made_up[0].labels[order].tolist()


def test_every_8_bit_pixel_is_found_again() -> None:
    pixels = np.arange(256, dtype=np.uint8).repeat(12).reshape(1, 32, 32, 3)
    np.testing.assert_array_equal(to_pixels(to_float(pixels)), pixels)


def test_made_up_images_are_what_totensor_makes_of_8_bit_ones() -> None:
    split = synthetic_split("train", 20)
    np.testing.assert_array_equal(to_float(to_pixels(split.images)), split.images)


def test_images_that_never_were_8_bit_are_a_sentence(lecture: PyTorchLecture, made_up: tuple[Split, Split]) -> None:
    images = made_up[0].images.copy()
    images[-1, 2, 31, 31] = np.nextafter(images[-1, 2, 31, 31], np.float32(0.5))
    with pytest.raises(LenetError, match="8-bit images"):
        lecture.to_device(replace(made_up[0], images=images))


@pytest.mark.parametrize("name", ["flax:jit", "flax:scan", "flax:tuned"])
def test_only_the_first_epoch_compiles(
    name: str, made_up: tuple[Split, Split], caplog: pytest.LogCaptureFixture
) -> None:
    import jax

    [choice] = registry.choices(name)
    backend = registry.load(choice)(variant=choice.variant or "", device="cpu")
    backend.load_params(initial_params(0))
    data = backend.to_device(made_up[0])
    logged = []
    for epoch, lr in enumerate((1e-3, 1e-4)):
        caplog.clear()
        with jax.log_compiles(), caplog.at_level("WARNING"):
            backend.train_epoch(data, epoch_order(0, epoch, 600, 100), lr)
        logged.append([r.getMessage() for r in caplog.records if "Finished XLA compilation" in r.getMessage()])
    assert logged[0]
    assert not logged[1]
