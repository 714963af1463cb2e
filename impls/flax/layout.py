"""From canonical parameters to a Flax LeNet's state and back."""

from __future__ import annotations

from typing import Any

import numpy as np

from impls.spec import Params


def to_native(params: Params) -> dict[str, dict[str, np.ndarray]]:
    """Canonical parameters as the state of a Flax module: kernels are (rows, columns, in, out) or (in, out).

    This network flattens channels last and the canonical one channels first, so fc1's inputs are permuted.
    """
    native: dict[str, dict[str, np.ndarray]] = {}
    for name, value in params.items():
        layer, kind = name.split(".")
        if layer == "fc1" and kind == "weight":
            value = value.reshape(120, 16, 5, 5).transpose(0, 2, 3, 1).reshape(120, 400)
        if value.ndim == 4:
            value = value.transpose(2, 3, 1, 0)
        native.setdefault(layer, {})["kernel" if kind == "weight" else "bias"] = value.T if value.ndim == 2 else value
    return native


def to_canonical(native: dict[str, dict[str, Any]]) -> Params:
    """The inverse of `to_native`, for parameters and gradients alike."""
    params: Params = {}
    for layer in ("conv1", "conv2", "fc1", "fc2", "fc3"):
        kernel = np.asarray(native[layer]["kernel"])
        weight = kernel.transpose(3, 2, 0, 1) if kernel.ndim == 4 else kernel.T
        if layer == "fc1":
            weight = weight.reshape(120, 5, 5, 16).transpose(0, 3, 1, 2).reshape(120, 400)
        params[f"{layer}.weight"] = np.ascontiguousarray(weight)
        params[f"{layer}.bias"] = np.array(native[layer]["bias"])
    return params
