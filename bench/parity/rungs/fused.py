"""What a layer gives out after a ReLU that is part of it: what is true, what is allowed, and the ReLU's mistakes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from bench.parity.cases import Case
from impls.spec.fused import RECTIFIED_SHAPES, SUFFIX

Array = np.ndarray


def layer_of(name: str) -> str:
    """The layer that a name stands for, whether before or after its ReLU."""
    return name.removesuffix(SUFFIX) if name in RECTIFIED_SHAPES else name


def given(activations: Mapping[str, Array], name: str) -> Array:
    """What a layer gives out, by any name that a backend may use for it.

    Args:
        activations: by layer, before its ReLU.
        name: of `impls.spec.fused.GIVEN_SHAPES`, or "log_probs".
    """
    return np.maximum(activations[layer_of(name)], 0) if name in RECTIFIED_SHAPES else activations[name]


def true(case: Case, name: str) -> tuple[Array, float]:
    """What a layer should give out, and the tolerance of it, relative to the largest true value.

    After a ReLU as much is allowed as before it. The largest value may be a negative one, which the ReLU takes away:
    then it is a larger share of what is left.
    """
    before, tolerance = case.activations[layer_of(name)], case.tolerance[layer_of(name)]
    after = given(case.activations, name)
    if name in RECTIFIED_SHAPES:
        tolerance *= float(np.abs(before).max()) / (float(after.max()) or 1.0)  # as `compare_arrays` divides
    return after, tolerance


def own_mistakes(case: Case, name: str) -> Iterator[tuple[str, Array]]:
    """Mistakes of the ReLU itself, and what the layer then gives out; none where the name is of no such layer."""
    if name not in RECTIFIED_SHAPES:
        return
    layer, after = layer_of(name), given(case.activations, name)
    yield f"the ReLU after {layer} is missing, or {name} is what comes before it", case.activations[layer]
    yield "activations are capped at 6: ReLU6 for ReLU", np.minimum(after, 6)
    yield "activations are capped at 1", np.minimum(after, 1)
