"""TF32 and bfloat16 in NumPy: float32 products whose operands keep fewer bits.

Both have float32's eight exponent bits and fewer in the mantissa: TF32 ten (NVIDIA A100 whitepaper, "TF32"),
bfloat16 seven (Kalamkar et al., 2019). Tensor cores multiply such operands exactly and sum in float32.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

Array = np.ndarray

MANTISSA_BITS = {"fp32": 23, "tf32": 10, "bf16": 7}
"""Explicit mantissa bits of a product's operands, by precision."""


def truncated(x: Array, bits: int) -> Array:
    """The values cut off after ``bits`` explicit mantissa bits, as some hardware does; shape and dtype stay."""
    u = np.ascontiguousarray(x, np.float32).view(np.uint32)
    return (u & np.uint32(0xFFFFFFFF << (23 - bits) & 0xFFFFFFFF)).view(np.float32).astype(x.dtype)


def rounded(x: Array, bits: int) -> Array:
    """The nearest values with ``bits`` explicit mantissa bits, ties to even; shape and dtype stay.

    Args:
        x: finite float32 or float64; the latter is rounded to float32 first.
        bits: 1 to 23.
    """
    drop = 23 - bits
    if drop == 0:
        return x.astype(np.float32).astype(x.dtype)
    u = np.ascontiguousarray(x, np.float32).view(np.uint32)
    # Adding just under half of the last kept bit carries into it; one more does so at a tie if that bit is odd.
    u = u + np.uint32((1 << (drop - 1)) - 1) + ((u >> np.uint32(drop)) & np.uint32(1))
    return truncated(u.view(np.float32), bits).astype(x.dtype)


def in_precision(
    precision: str,
    matmul: Callable[[Array, Array], Array],
    shorten: Callable[[Array, int], Array] = rounded,
) -> Callable[[Array, Array], Array]:
    """A matrix product (M, K), (K, N) -> (M, N) as a precision has it.

    ``fp32`` is ``matmul`` itself. ``tf32`` rounds its operands. ``bf16`` rounds operands and result, as
    frameworks do that keep parameters in float32 and compute layers in bfloat16 (PyTorch's autocast). ``shorten``
    is how operands lose their bits.
    """
    if precision == "fp32":
        return matmul
    bits = MANTISSA_BITS[precision]

    def product(a: Array, b: Array) -> Array:
        out = matmul(shorten(a, bits), shorten(b, bits))
        return rounded(out, bits) if precision == "bf16" else out

    return product
