"""Initial parameters are drawn as the frameworks draw theirs."""

import math

import jax
import numpy as np
import pytest
import torch
from scipy import stats

from impls.errors import LenetError
from impls.flax.layout import to_canonical
from impls.flax.network import LeNet as FlaxLeNet
from impls.pytorch.eager import LeNet as TorchLeNet
from impls.spec import PARAMETER_SHAPES, SCHEMES, Params, fan_in, initial_params


@pytest.mark.parametrize("scheme", SCHEMES)
def test_shapes_and_dtypes(scheme: str) -> None:
    params = initial_params(0, scheme)
    assert {name: p.shape for name, p in params.items()} == dict(PARAMETER_SHAPES)
    assert {p.dtype for p in params.values()} == {np.dtype(np.float32)}


@pytest.mark.parametrize("scheme", SCHEMES)
def test_a_seed_gives_the_same_draw_and_another_gives_another(scheme: str) -> None:
    a, b, c = initial_params(1, scheme), initial_params(1, scheme), initial_params(2, scheme)
    assert all((a[name] == b[name]).all() for name in a)
    assert (a["fc1.weight"] != c["fc1.weight"]).any()


def torch_default() -> Params:
    torch.manual_seed(0)
    return {name: p.detach().numpy() for name, p in TorchLeNet().named_parameters()}


def flax_default() -> Params:
    from flax import nnx

    with jax.default_device(jax.devices("cpu")[0]):
        return to_canonical(nnx.to_pure_dict(nnx.state(FlaxLeNet(rngs=nnx.Rngs(0)), nnx.Param)))


@pytest.mark.parametrize(("scheme", "default"), [("pytorch", torch_default), ("flax", flax_default)])
def test_distribution_is_the_frameworks_own(scheme, default) -> None:
    """Kolmogorov-Smirnov on every weight tensor; both draws are seeded, so this never flickers."""
    ours, theirs = initial_params(0, scheme), default()
    assert len(PARAMETER_SHAPES) == 10
    for name in PARAMETER_SHAPES:
        if name.endswith(".weight"):
            assert stats.ks_2samp(ours[name].ravel(), theirs[name].ravel()).pvalue > 1e-3, name
        if scheme == "flax" and name.endswith(".bias"):
            assert not ours[name].any()
            assert not theirs[name].any()


def test_the_two_schemes_differ() -> None:
    """As the KS test above could tell: LeCun's deviation is sqrt(3) times the uniform one's."""
    ours, theirs = initial_params(0, "pytorch")["fc1.weight"], initial_params(0, "flax")["fc1.weight"]
    assert stats.ks_2samp(ours.ravel(), theirs.ravel()).pvalue < 1e-9
    assert theirs.std() / ours.std() == pytest.approx(math.sqrt(3), rel=0.02)
    assert np.abs(ours).max() <= 1 / math.sqrt(fan_in("fc1.weight"))


def test_unknown_scheme() -> None:
    with pytest.raises(LenetError, match="there is pytorch and flax"):
        initial_params(0, "keras")
