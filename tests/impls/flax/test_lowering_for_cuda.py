"""Every program of Flax lowers for CUDA without a GPU, in the precision that was asked for."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import jax
import jax.numpy as jnp
import pytest
from flax import nnx

from impls.flax import many
from impls.flax.network import LAYER_DTYPE
from impls.flax.nnx import MATMUL_PRECISION, FlaxNNX
from impls.flax.step import Batch, scan_epoch

pytestmark = pytest.mark.slow

STEPS, BATCH, IMAGES, REPLICAS = 500, 100, 50_000, 3
DATA = Batch(
    jax.ShapeDtypeStruct((IMAGES, 32, 32, 3), jnp.float32),
    jax.ShapeDtypeStruct((IMAGES,), jnp.int32),
)
TEST_IMAGES = jax.ShapeDtypeStruct((1000, 32, 32, 3), jnp.float32)


def order(*shape: int) -> jax.ShapeDtypeStruct:
    return jax.ShapeDtypeStruct(shape, jnp.int32)


def of_many(program: Any, backend: FlaxNNX, *args: Any) -> Any:
    replicas = many.FlaxMany(backend)
    replicas.load_many([backend.export_params()] * REPLICAS)
    return program.trace(replicas.graphdef, replicas.states, *args)


PROGRAMS: dict[str, Callable[[FlaxNNX], Any]] = {
    "step": lambda b: b._train_step.trace(b.model, b.optimizer, DATA, order(BATCH)),
    "epoch": lambda b: scan_epoch.trace(*nnx.split((b.model, b.optimizer)), DATA, order(STEPS, BATCH)),
    "loss and gradients": lambda b: b._loss_and_grads.trace(b.model, Batch(TEST_IMAGES, order(1000))),
    "prediction": lambda b: b._logits.trace(b.model, TEST_IMAGES),
    "lockstep step": lambda b: of_many(many.step_of_all, b, DATA, order(REPLICAS, BATCH)),
    "lockstep epoch": lambda b: of_many(many.epoch_of_all, b, DATA, order(REPLICAS, STEPS, BATCH)),
    "lockstep prediction": lambda b: of_many(many.classes_of_all, b, TEST_IMAGES),
}
"""Each as its traced form."""

FORWARD_ONLY = ("prediction", "lockstep prediction")


@pytest.fixture(autouse=True)
def setting_restored() -> Iterator[None]:
    """A backend sets JAX's precision for its whole process."""
    before = jax.config.jax_default_matmul_precision
    yield
    jax.config.update("jax_default_matmul_precision", before)


def backend(precision: str) -> FlaxNNX:
    """A backend as it would be on a GPU of that precision; on a CPU the constructor refuses tf32."""
    made = FlaxNNX(precision="bf16" if precision == "bf16" else "fp32")
    jax.config.update("jax_default_matmul_precision", MATMUL_PRECISION[precision])
    return made


def lowered(program: str, precision: str) -> str:
    """StableHLO for CUDA."""
    text: str = PROGRAMS[program](backend(precision)).lower(lowering_platforms=("cuda",)).as_text()
    return text


def products(text: str) -> list[str]:
    """The lines of a program that multiply: convolutions and matrix products."""
    return [line for line in text.splitlines() if re.search(r"stablehlo\.(convolution|dot_general)", line)]


@pytest.mark.parametrize("program", PROGRAMS)
def test_in_fp32_no_product_may_use_tf32(program: str) -> None:
    found = products(lowered(program, "fp32"))
    # Five products forward; for the weights as many; for the inputs one less, since images need no gradient.
    assert len(found) == (5 if program in FORWARD_ONLY else 14)
    assert all("HIGHEST" in line for line in found)


@pytest.mark.parametrize("program", ["step", "lockstep epoch"])
def test_a_precision_that_is_forgotten_would_be_seen(program: str) -> None:
    """JAX's own default on a GPU is TF32."""
    made = backend("fp32")
    jax.config.update("jax_default_matmul_precision", None)
    found = products(PROGRAMS[program](made).lower(lowering_platforms=("cuda",)).as_text())
    assert len(found) == 14
    assert not any("HIGHEST" in line for line in found)


@pytest.mark.parametrize("program", PROGRAMS)
def test_in_tf32_every_product_is_of_float32_and_may_use_it(program: str) -> None:
    found = products(lowered(program, "tf32"))
    assert found
    # HIGH is the last precision for which XLA lets cuBLAS and cuDNN use TF32.
    assert all(re.search(r"\bHIGH\b", line) and "xf32>" in line and "bf16" not in line for line in found)


@pytest.mark.parametrize("program", PROGRAMS)
def test_in_bf16_every_product_is_of_bfloat16(program: str) -> None:
    assert LAYER_DTYPE["bf16"] == jnp.bfloat16
    found = products(lowered(program, "bf16"))
    assert found
    for line in found:
        operands = re.search(r": \((.*?)\) ->", line)
        assert operands
        assert operands[1].count("bf16") == 2, line


@pytest.mark.parametrize("program", PROGRAMS)
def test_nothing_is_called_that_only_a_cpu_has(program: str) -> None:
    text = lowered(program, "fp32")
    assert len(text) > 5_000
    assert "stablehlo.custom_call" not in text


@pytest.mark.parametrize("program", ["epoch", "lockstep step", "lockstep epoch"])
def test_the_old_state_is_given_away(program: str) -> None:
    """Else parameters and moments would be copied in every call."""
    made = backend("fp32")
    leaves = len(jax.tree.leaves(nnx.state((made.model, made.optimizer))))
    text = PROGRAMS[program](made).lower(lowering_platforms=("cuda",)).as_text()
    assert len(re.findall(r"tf\.aliasing_output|jax\.buffer_donor", text)) == leaves > 30
