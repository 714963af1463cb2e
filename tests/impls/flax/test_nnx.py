"""Flax's variants compile in the first epoch only, and keep their moments in float32."""

from __future__ import annotations

from types import SimpleNamespace

import jax
import jax.numpy as jnp
import pytest
from flax import nnx

from impls import registry
from impls.data import Split
from impls.errors import PrecisionUnavailableError
from impls.flax.nnx import FlaxNNX
from impls.spec import epoch_order, initial_params
from our_backends import make


@pytest.mark.slow
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


@pytest.mark.slow
def test_flaxs_parameters_and_moments_are_float32() -> None:
    optimizer = make("flax:jit", "bf16").optimizer  # type: ignore[attr-defined]
    moments = [leaf for leaf in jax.tree.leaves(nnx.state(optimizer)) if jnp.ndim(leaf)]
    assert {leaf.dtype for leaf in moments} == {jnp.dtype(jnp.float32)}


def test_tf32_asks_the_gpu_for_its_capability(monkeypatch: pytest.MonkeyPatch) -> None:
    gpu = SimpleNamespace(platform="gpu", compute_capability="7.5")
    monkeypatch.setattr(jax, "devices", lambda platform: [gpu])
    monkeypatch.setattr(jax.config, "update", lambda name, value: None)
    with pytest.raises(PrecisionUnavailableError, match=r"one of 7\.5"):
        FlaxNNX(device="cuda", precision="tf32")
