"""PyTorch in bfloat16: which tensors are in which dtype."""

from __future__ import annotations

import pytest
import torch

from impls.data import Split
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
