"""LeNet for CIFAR-10, written down once: layers, canonical names, shapes and counts.

The network is the one of lecture 30 of "Deep Learning for Visual Computing" (D. Sheet, IIT Kharagpur),
after LeNet-5 (LeCun et al., 1998):

    conv1 5x5 valid -> ReLU -> maxpool 2x2 -> conv2 5x5 valid -> ReLU -> maxpool 2x2 -> flatten
    -> fc1 -> ReLU -> fc2 -> ReLU -> fc3 -> log-softmax          loss: mean negative log-likelihood

What implementations silently differ in is fixed here:

* ``flatten`` is channel-major: feature ``c * 25 + y * 5 + x`` is channel ``c`` at row ``y``, column ``x``.
* ReLU'(0) = 0, and a tied maximum in a pooling window sends its whole gradient to the first tied element
  in row-major order.
* The loss is the mean over the batch, not the sum.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from types import MappingProxyType

import numpy as np

CLASSES = 10
IMAGE_SHAPE = (3, 32, 32)
"""Channels, rows, columns of one image; pixels are float32 in [0, 1]."""

Params = dict[str, np.ndarray]
"""Canonical parameters or gradients: PyTorch's names and layouts, float32 (float64 in the oracle)."""


def parameter_shapes(channels: int = 3) -> dict[str, tuple[int, ...]]:
    """Shapes of the canonical parameters, in order, for images of ``channels`` channels.

    Convolution weights are (out, in, rows, columns), linear weights (out, in): PyTorch's layouts.
    """
    return {
        "conv1.weight": (6, channels, 5, 5),
        "conv1.bias": (6,),
        "conv2.weight": (16, 6, 5, 5),
        "conv2.bias": (16,),
        "fc1.weight": (120, 400),
        "fc1.bias": (120,),
        "fc2.weight": (84, 120),
        "fc2.bias": (84,),
        "fc3.weight": (10, 84),
        "fc3.bias": (10,),
    }


def parameter_counts(channels: int = 3) -> dict[str, int]:
    """Number of elements of each canonical parameter."""
    return {name: math.prod(shape) for name, shape in parameter_shapes(channels).items()}


PARAMETER_SHAPES: Mapping[str, tuple[int, ...]] = MappingProxyType(parameter_shapes())
PARAMETERS_TOTAL = sum(parameter_counts().values())
"""62,006: the colour network's parameters."""
PARAMETERS_TOTAL_GREY = sum(parameter_counts(channels=1).values())
"""61,706: what the lecture's grey-scale LeNet has; colour costs 300, all of them in conv1."""

ACTIVATION_SHAPES: Mapping[str, tuple[int, ...]] = MappingProxyType(
    {
        "conv1": (6, 28, 28),
        "pool1": (6, 14, 14),
        "conv2": (16, 10, 10),
        "pool2": (16, 5, 5),
        "fc1": (120,),
        "fc2": (84,),
        "fc3": (10,),
    }
)
"""Shape per image of what each layer gives out, in order: before its ReLU, and pooled after it."""


def fan_in(name: str) -> int:
    """Number of inputs that feed one output unit of the layer to which parameter ``name`` belongs."""
    return math.prod(PARAMETER_SHAPES[name.split(".")[0] + ".weight"][1:])
