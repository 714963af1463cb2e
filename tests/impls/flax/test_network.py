"""Flax's network in bfloat16: which operations are in which dtype."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import jax
import jax.numpy as jnp
import pytest
from flax import nnx
from jax.extend.core import jaxprs_in_params

from impls.flax.network import LeNet
from impls.flax.step import Batch, loss_fn


def equations(jaxpr: Any) -> Iterator[Any]:
    """Every operation of a program, those of its parts included."""
    for equation in jaxpr.eqns:
        yield equation
        for inner in jaxprs_in_params(equation.params):
            yield from equations(inner)


@pytest.mark.slow
@pytest.mark.parametrize("dtype", [jnp.float32, jnp.bfloat16])
def test_flaxs_products_alone_are_in_bfloat16(dtype: Any) -> None:
    """And no sum: of 78,400 ones XLA makes 1,024 in bfloat16, which a bias's gradient was that was cast as well."""
    graphdef, state = nnx.split(LeNet(rngs=nnx.Rngs(0), dtype=dtype))
    batch = Batch(jnp.zeros((100, 32, 32, 3)), jnp.zeros(100, jnp.int32))
    program = jax.make_jaxpr(jax.value_and_grad(lambda state: loss_fn(nnx.merge(graphdef, state), batch)))(state)
    dtypes: dict[str, set[Any]] = {}
    for equation in equations(program.jaxpr):
        dtypes.setdefault(equation.primitive.name, set()).update(each.aval.dtype for each in equation.invars)
    assert dtypes["dot_general"] == dtypes["conv_general_dilated"] == {jnp.dtype(dtype)}
    for name in ("reduce_sum", "exp", "log"):
        assert dtypes[name] == {jnp.dtype(jnp.float32)}, name
    assert {value.dtype for value in program.out_avals} == {jnp.dtype(jnp.float32)}
