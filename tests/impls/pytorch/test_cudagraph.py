"""The steps of a CUDA graph train as eager does, on a CPU uncaptured and on a GPU replayed."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from as_eager import assert_trains_as_eager_does
from impls.data import Split
from impls.pytorch.compile import PyTorchCompile
from impls.pytorch.cudagraph import PyTorchCUDAGraph
from impls.pytorch.eager import PyTorch
from impls.spec import epoch_order, initial_params
from needs import needs_gpu


@pytest.fixture
def small_graphs(monkeypatch: pytest.MonkeyPatch) -> None:
    """Graphs of 4 steps: 600 images in batches of 100 are one of these and half of another."""
    monkeypatch.setattr(PyTorchCUDAGraph, "steps_per_graph", 4)


@pytest.mark.slow
@pytest.mark.usefixtures("small_graphs")
def test_the_steps_of_a_graph_train_as_eager_does(made_up: tuple[Split, Split]) -> None:
    assert_trains_as_eager_does(PyTorchCUDAGraph(), made_up[0])


@pytest.mark.usefixtures("small_graphs")
def test_what_is_prepared_for_one_split_is_not_used_for_another(made_up: tuple[Split, Split]) -> None:
    backend = PyTorchCUDAGraph()
    backend.load_params(initial_params(0))
    order = epoch_order(0, 0, 200, 100)
    for split in (*made_up, made_up[0]):
        data = backend.to_device(split)
        losses = backend.train_epoch(data, order, 0.0)
        alone = [backend.loss_and_grads(split.images[i], split.labels[i])[0] for i in order]
        assert alone
        np.testing.assert_allclose(losses, alone, rtol=1e-6)
        np.testing.assert_array_equal(backend.predict(data), backend.log_probs(split.images).argmax(axis=1))


def test_predicted_classes_are_not_changed_by_another_prediction(made_up: tuple[Split, Split]) -> None:
    backend = PyTorchCUDAGraph()
    data, found = backend.to_device(made_up[1]), []
    for seed in (0, 1):
        backend.load_params(initial_params(seed))
        found.append(backend.predict(data))
    assert (found[0] != found[1]).any()


def test_what_runs_before_a_capture_leaves_no_trace(made_up: tuple[Split, Split]) -> None:
    backend = PyTorchCUDAGraph()
    backend.load_params(initial_params(0))
    data, order = backend.to_device(made_up[0]), torch.from_numpy(epoch_order(0, 0, 600, 100))
    before = [tensor.detach().clone() for tensor in backend._training_state()]
    assert before
    with backend._state_restored():
        backend._set_lr(1e-3)
        backend._train_steps(data, order, torch.empty(6))
        assert not any(torch.equal(a, b) for a, b in zip(before, backend._training_state(), strict=True))
    assert all(torch.equal(a, b) for a, b in zip(before, backend._training_state(), strict=True))


def test_a_capture_that_fails_leaves_no_trace_either(made_up: tuple[Split, Split]) -> None:
    backend = PyTorchCUDAGraph()
    backend.load_params(initial_params(0))
    before = [tensor.detach().clone() for tensor in backend._training_state()]
    assert before

    @torch.no_grad()
    def train_and_fail() -> None:
        for tensor in backend._training_state():
            tensor.add_(1)
        raise RuntimeError("out of memory")

    with pytest.raises(RuntimeError, match="out of memory"), backend._state_restored():
        train_and_fail()
    assert all(torch.equal(a, b) for a, b in zip(before, backend._training_state(), strict=True))


@needs_gpu
@pytest.mark.gpu
@pytest.mark.usefixtures("small_graphs")
def test_graphs_on_a_gpu_train_as_eager_does(made_up: tuple[Split, Split]) -> None:
    assert_trains_as_eager_does(PyTorchCUDAGraph(device="cuda"), made_up[0])


@needs_gpu
@pytest.mark.gpu
def test_replayed_steps_are_the_uncaptured_ones(made_up: tuple[Split, Split], monkeypatch: pytest.MonkeyPatch) -> None:
    runs = []
    for captured in (True, False):
        backend = PyTorchCUDAGraph(device="cuda")
        if not captured:
            monkeypatch.setattr(backend, "_captured", lambda run: run)
        backend.load_params(initial_params(0))
        data = backend.to_device(made_up[0])
        losses = [backend.train_epoch(data, epoch_order(0, epoch, 600, 100), 1e-3) for epoch in range(3)]
        runs.append((np.concatenate(losses), backend.predict(data)))
        [steps] = backend._steps.values()
        assert isinstance(getattr(steps.run, "__self__", None), torch.cuda.CUDAGraph) is captured
    np.testing.assert_allclose(runs[0][0], runs[1][0], rtol=1e-5)
    assert (runs[0][1] == runs[1][1]).mean() > 0.99


@needs_gpu
@pytest.mark.gpu
@pytest.mark.parametrize("cls", [PyTorchCUDAGraph, PyTorchCompile])
def test_the_kernels_of_replayed_graphs_are_counted(cls: type[PyTorch], made_up: tuple[Split, Split]) -> None:
    backend = cls(variant=cls.variants[0], device="cuda")
    data, order = backend.to_device(made_up[0]), epoch_order(0, 0, 600, 100)
    for _ in range(3):
        backend.train_epoch(data, order, 1e-3)
    activity = backend.probe().activity(lambda: backend.train_epoch(data, order, 1e-3))
    assert activity is not None
    assert activity.kernels > 5 * len(order)
    assert activity.busy_seconds > 0
