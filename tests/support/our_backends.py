"""Backends of the suite, made from their names as a user gives them."""

from __future__ import annotations

from impls import registry
from impls.contract import Backend

IN_EVERY_PRECISION = ["pytorch:eager", "pytorch:lecture", "flax:jit", "flax:scan"]
"""Variants that offer more than fp32."""


def make(name: str, precision: str = "fp32") -> Backend:
    """The backend of that name on a CPU.

    Args:
        name: of one variant, e.g. "flax:scan".
        precision: "fp32", "tf32" or "bf16".
    """
    [choice] = registry.choices(name)
    return registry.load(choice)(variant=choice.variant or "", device="cpu", precision=precision)
