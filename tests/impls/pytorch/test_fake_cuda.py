"""The forward pass on tensors that are on a GPU in name only: devices, shapes and dtypes are CUDA's."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import torch
import torch.nn.functional as F
from torch._subclasses import FakeTensorMode

from impls.pytorch.eager import LeNet, PyTorch, Resident, arithmetic_of

LAYERS = ("conv1", "pool", "conv2", "fc1", "fc2", "fc3")


@pytest.fixture
def backend() -> PyTorch:
    """On a CPU, to be given a network on a GPU."""
    return PyTorch()


@pytest.fixture(autouse=True)
def fake_mode(backend: PyTorch, monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeTensorMode]:
    """Tensors have no memory, so they may be on any device. Autocast is told that a GPU with bfloat16 is there."""
    monkeypatch.setattr(torch.cuda.amp.common, "amp_definitely_not_available", lambda: False)
    monkeypatch.setattr(torch.cuda, "is_bf16_supported", lambda: True)
    with FakeTensorMode() as mode:
        yield mode


def on_cuda(precision: str, autocast: str = "cuda") -> LeNet:
    with torch.device("cuda"):
        return LeNet(arithmetic_of(precision, autocast))


def layer_dtypes(model: LeNet, images: torch.Tensor) -> dict[str, torch.dtype]:
    """What each layer gives out."""
    found: dict[str, torch.dtype] = {}
    for name in LAYERS:
        layer = getattr(model, name)
        layer.register_forward_hook(lambda _, __, out, name=name: found.__setitem__(name, out.dtype))
    model(images)
    return found


@pytest.mark.parametrize(
    ("precision", "dtype"), [("fp32", torch.float32), ("tf32", torch.float32), ("bf16", torch.bfloat16)]
)
def test_layers_compute_in_the_precision_and_log_probabilities_are_float32(precision: str, dtype: torch.dtype) -> None:
    model = on_cuda(precision)
    images = torch.empty(100, 3, 32, 32, device="cuda")
    assert layer_dtypes(model, images) == dict.fromkeys(LAYERS, dtype)
    log_probs = model(images)
    assert (log_probs.device.type, log_probs.dtype, log_probs.shape) == ("cuda", torch.float32, (100, 10))
    assert all(parameter.dtype == torch.float32 for parameter in model.parameters())


def test_autocast_of_another_device_would_be_seen() -> None:
    """It changes nothing on this one, and the layers stay float32."""
    model = on_cuda("bf16", autocast="cpu")
    dtypes = layer_dtypes(model, torch.empty(100, 3, 32, 32, device="cuda"))
    assert set(dtypes.values()) == {torch.float32}


def test_a_step_gathers_and_a_split_is_classified_on_the_device(backend: PyTorch) -> None:
    """As `PyTorch._train_steps` and `_classes` do, without the backward pass, which needs a real device."""
    backend.model = on_cuda("fp32")
    data = Resident(torch.empty(2_500, 3, 32, 32, device="cuda"), torch.empty(2_500, dtype=torch.int64, device="cuda"))
    index = torch.empty(100, dtype=torch.int64, device="cuda")
    loss = F.nll_loss(backend.model(data.images[index]), data.labels[index])
    assert (loss.device.type, loss.shape) == ("cuda", ())
    classes = backend._classes(data.images)
    assert (classes.device.type, classes.shape, classes.dtype) == ("cuda", (2_500,), torch.int64)
