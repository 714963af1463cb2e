"""The noise's matrix product adds one term after another."""

from __future__ import annotations

import numpy as np

from bench.parity.noise import sequential_matmul


def test_sequential_products_add_one_term_after_another() -> None:
    """In float32, 2**24 + 1 + 1 ... stays at 2**24 if every 1 is added by itself, and grows if they meet first."""
    terms = np.ones((1, 5000), np.float32)
    terms[0, 0] = 2**24

    class InOrder:
        permutation = staticmethod(np.arange)

    product = sequential_matmul(InOrder())(terms, np.ones((5000, 2), np.float32))  # type: ignore[arg-type]
    assert (product == 2**24).all()
