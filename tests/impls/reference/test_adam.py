"""The oracle's Adam against two steps worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest

from impls.reference.adam import Adam


def test_adam_by_hand() -> None:
    """Two steps of one parameter with gradients 2 and -1, worked out from the paper's algorithm 1."""
    adam, p = Adam(), {"p": np.array([1.0])}
    p = adam.step(p, {"p": np.array([2.0])}, lr=0.1)
    assert p["p"][0] == pytest.approx(1 - 0.1 * 2 / (2 + 1e-8), abs=1e-15)
    before = p["p"][0]
    p = adam.step(p, {"p": np.array([-1.0])}, lr=0.01)
    m_hat = (0.9 * 0.2 + 0.1 * -1) / (1 - 0.81)
    v_hat = (0.999 * 0.004 + 0.001 * 1) / (1 - 0.998001)
    assert p["p"][0] == pytest.approx(before - 0.01 * m_hat / (np.sqrt(v_hat) + 1e-8), abs=1e-15)
