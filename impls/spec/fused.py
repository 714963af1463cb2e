"""Layers whose ReLU is part of them, in frameworks that fuse the two: what they give out has a name of its own.

Apart from `impls.spec.network`, because nothing that trains needs it: stored runs are known by what they are made of.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from impls.spec.network import ACTIVATION_SHAPES

SUFFIX = "_relu"

RECTIFIED_SHAPES: Mapping[str, tuple[int, ...]] = MappingProxyType(
    {f"{layer}{SUFFIX}": ACTIVATION_SHAPES[layer] for layer in ("conv1", "conv2", "fc1", "fc2")}
)
"""Shape per image of what these layers give out after their ReLU, the convolutions before they are pooled."""


def _in_order() -> dict[str, tuple[int, ...]]:
    shapes = {}
    for layer, shape in ACTIVATION_SHAPES.items():
        shapes[layer] = shape
        if (rectified := f"{layer}{SUFFIX}") in RECTIFIED_SHAPES:
            shapes[rectified] = shape
    return shapes


GIVEN_SHAPES: Mapping[str, tuple[int, ...]] = MappingProxyType(_in_order())
"""Everything that `Backend.activations` may name, in the order in which a forward pass makes it."""
