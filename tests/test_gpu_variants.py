"""The variants that are for a GPU: their steps on a CPU against eager's, and on a GPU what only that can show."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import numpy as np
import pytest
import torch

from impls import registry
from impls.data import Split
from impls.errors import DeviceUnavailableError
from impls.initial import initial_params
from impls.order import epoch_order
from impls.pytorch import PyTorch
from impls.pytorch_compile import PyTorchCompile
from impls.pytorch_cudagraph import PyTorchCUDAGraph

needs_gpu = pytest.mark.skipif(not torch.cuda.is_available(), reason="there is no GPU that PyTorch can use")
needs_compiler = pytest.mark.skipif(not shutil.which("g++"), reason="torch.compile needs g++, and there is none")


@pytest.fixture
def small_graphs(monkeypatch: pytest.MonkeyPatch) -> None:
    """Graphs of 4 steps: 600 images in batches of 100 are one of these and half of another."""
    monkeypatch.setattr(PyTorchCUDAGraph, "steps_per_graph", 4)


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
    for name, value in params.items():
        np.testing.assert_allclose(our_params[name], value, atol=2e-4, err_msg=name)
    assert (our_classes == classes).mean() > 0.99


def test_a_run_has_them_unasked_on_a_gpu_only() -> None:
    on_cpu, on_gpu = ({choice.label for choice in registry.benchmarked(device)} for device in ("cpu", "cuda"))
    assert on_gpu - on_cpu == {"pytorch:cudagraph", "pytorch:compile"}
    assert "pytorch:eager" in on_cpu & on_gpu
    assert {choice.variant for choice in registry.choices("pytorch")} >= {"cudagraph", "compile"}


# --- cudagraph ------------------------------------------------------------------------------------------------


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
        np.testing.assert_allclose(losses, alone, rtol=1e-6)
        np.testing.assert_array_equal(backend.predict(data), backend.log_probs(split.images).argmax(axis=1))


def test_a_new_optimizer_has_its_state_and_changes_no_parameter() -> None:
    backend = PyTorchCUDAGraph()
    backend.load_params(initial_params(0))
    before, addresses = backend.export_params(), [tensor.data_ptr() for tensor in backend._training_state()]
    assert len(addresses) == 4 * len(before)
    backend.optimizer = backend._new_optimizer()
    for name, value in backend.export_params().items():
        np.testing.assert_array_equal(value, before[name], err_msg=name)
    addresses = [tensor.data_ptr() for tensor in backend._training_state()]
    backend.load_params(initial_params(1))
    assert [tensor.data_ptr() for tensor in backend._training_state()] == addresses
    assert not any(tensor.any() for tensor in backend._training_state()[len(before) :])


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
    with backend._state_restored():
        backend._set_lr(1e-3)
        backend._train_steps(data, order, torch.empty(6))
        assert not any(torch.equal(a, b) for a, b in zip(before, backend._training_state(), strict=True))
    assert all(torch.equal(a, b) for a, b in zip(before, backend._training_state(), strict=True))


@needs_gpu
@pytest.mark.usefixtures("small_graphs")
def test_graphs_on_a_gpu_train_as_eager_does(made_up: tuple[Split, Split]) -> None:
    assert_trains_as_eager_does(PyTorchCUDAGraph(device="cuda"), made_up[0])


@needs_gpu
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


# --- compile --------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def compiled() -> Iterator[PyTorchCompile]:
    yield PyTorchCompile()
    torch._dynamo.reset()


@needs_compiler
def test_the_compiled_step_trains_as_eager_does_and_no_rate_compiles_anew(
    compiled: PyTorchCompile, made_up: tuple[Split, Split]
) -> None:
    torch._dynamo.utils.counters.clear()
    assert_trains_as_eager_does(compiled, made_up[0], batches=(100,))
    # The step, and the forward pass over the split; compiling takes most of a minute.
    assert torch._dynamo.utils.counters["stats"]["unique_graphs"] == 2


@needs_gpu
def test_the_compiled_step_on_a_gpu_is_a_cuda_graph(made_up: tuple[Split, Split]) -> None:
    torch._dynamo.utils.counters.clear()
    assert_trains_as_eager_does(PyTorchCompile(device="cuda"), made_up[0])
    assert not torch._dynamo.utils.counters["inductor"]["cudagraph_skips"]


@pytest.mark.parametrize(("variable", "device"), [("CXX", "cpu"), pytest.param("CC", "cuda", marks=needs_gpu)])
def test_no_compiler_is_a_sentence(variable: str, device: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(variable, "no-such-compiler")
    with pytest.raises(DeviceUnavailableError, match="there is no no-such-compiler here; install one"):
        PyTorchCompile(device=device)
    monkeypatch.delenv(variable)
    monkeypatch.setenv("PATH", "")
    with pytest.raises(DeviceUnavailableError, match=rf"there is no g.* or name it in the environment's {variable}"):
        PyTorchCompile(device=device)
