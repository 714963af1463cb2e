"""PyTorch's precisions: which tensors are in which dtype, and what a GPU must be able to do."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
import torch

from impls.data import Split
from impls.errors import PrecisionUnavailableError
from impls.pytorch.eager import PyTorch
from impls.spec import epoch_order, initial_params


@pytest.mark.parametrize(("precision", "layers"), [("fp32", torch.float32), ("bf16", torch.bfloat16)])
def test_pytorchs_layers_alone_are_in_bfloat16(
    precision: str, layers: torch.dtype, made_up: tuple[Split, Split]
) -> None:
    backend, seen = PyTorch(device="cpu", precision=precision), {}
    for name, module in backend.model.named_modules():
        module.register_forward_hook(lambda module, args, out, name=name: seen.update({name: out.dtype}))
    backend.load_params(initial_params(0))
    backend.train_epoch(backend.to_device(made_up[0]), epoch_order(0, 0, 200, 100), 1e-3)
    assert seen.pop("") == torch.float32  # the whole model's: log-probabilities
    assert set(seen.values()) == {layers}, seen
    parameters = list(backend.model.parameters())
    moments = [value for state in backend.optimizer.state.values() for value in state.values()]
    gradients = [parameter.grad for parameter in parameters]
    assert moments
    assert any(gradient is not None for gradient in gradients)
    assert {tensor.dtype for tensor in (*parameters, *moments, *gradients) if tensor is not None} == {torch.float32}


@pytest.mark.parametrize(("capability", "available"), [((7, 5), False), ((8, 0), True)])
def test_tf32_asks_the_gpu_for_its_capability(
    monkeypatch: pytest.MonkeyPatch, capability: tuple[int, int], available: bool
) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch.cuda, "get_device_capability", lambda *_: capability)
    monkeypatch.setattr(PyTorch, "network", lambda *arguments: SimpleNamespace(to=lambda device: "on the GPU"))
    monkeypatch.setattr(PyTorch, "_new_optimizer", lambda self: None)
    if available:
        assert PyTorch(device="cuda", precision="tf32").model == "on the GPU"
        assert torch.backends.cuda.matmul.fp32_precision == "tf32"
        PyTorch(device="cuda", precision="fp32")
        assert torch.backends.cuda.matmul.fp32_precision == "ieee"
    else:
        with pytest.raises(PrecisionUnavailableError, match="one of 7.5"):
            PyTorch(device="cuda", precision="tf32")
