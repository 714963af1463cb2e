"""Which mistake explains an error?"""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np

from bench.parity.noise import relative_error
from impls.reference import network
from impls.reference.rounding import in_precision

Array = np.ndarray


def matching(found: Array, true: Array, candidates: Iterable[tuple[str, Array]], share: float = 0.01) -> list[str]:
    """The mistake that explains a wrong array, if one does.

    Args:
        found: by the backend.
        true: the oracle's.
        candidates: what each mistake would give, by its description.
        share: of the error, the most that the explanation may leave.

    Returns:
        The description of the nearest candidate, if it explains the error; else nothing.
    """
    if not np.isfinite(found).all():
        return []
    error = relative_error(found, true)
    left = [(relative_error(found, value), cause) for cause, value in candidates if value.shape == found.shape]
    least, best = min(left, default=(np.inf, ""), key=lambda pair: pair[0])
    return [best] if least < share * error else []


def precision_of(found: Array, true: Array, imitate: Callable[[network.MatMul], Array]) -> list[str]:
    """Whether an error is that of TF32 or bfloat16 products: it shrinks by half where these are imitated.

    Args:
        found: by the backend.
        true: the oracle's.
        imitate: the same in float32 with another matrix product.
    """
    error = relative_error(found, true)
    for precision, name in (("tf32", "TF32"), ("bf16", "bfloat16")):
        product = in_precision(precision, np.matmul)
        rounded = imitate(product)
        # Its own error must be of that size too, or any small difference would be called TF32.
        if relative_error(found, rounded) < 0.5 * error and relative_error(rounded, true) > 0.3 * error:
            return [f"the error is that of {name} products: switch them off for fp32"]
    return []
