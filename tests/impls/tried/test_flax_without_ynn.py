"""Flax without YNN refuses to start where its flag comes too late."""

from __future__ import annotations

import os

import jax
import pytest

from formulations import tried
from impls.errors import LenetError


def test_without_ynn_says_when_its_flag_comes_too_late(monkeypatch: pytest.MonkeyPatch) -> None:
    """As it does here, where JAX is in use already; then it must not change the environment of others either."""
    monkeypatch.delenv("XLA_FLAGS", raising=False)
    assert jax.devices("cpu")
    with pytest.raises(LenetError, match="import that module first"):
        tried("flax_without_ynn:FlaxWithoutYNN")
    assert "XLA_FLAGS" not in os.environ
