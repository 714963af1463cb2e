"""Log-softmaxes that end at some number."""

from __future__ import annotations

import numpy as np

Array = np.ndarray


def ended(found: Array, true: Array, tolerance: float) -> list[str]:
    """The cause where log-probabilities are right down to some number and are that number below it.

    Args:
        found: log-probabilities, (N, 10).
        true: the oracle's.
        tolerance: absolute, of one of them.
    """
    least = float(found.min())
    cut = true < least - tolerance
    if not cut.any() or np.abs(found - np.maximum(true, least)).max() > tolerance:
        return []
    of_what = f", the logarithm of {np.exp(least):.3g}" if least > -60 else ""
    return [f"log-probabilities end at {least:.5g}{of_what}: a log-softmax or a probability is clipped there"]
