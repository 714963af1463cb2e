"""What is computed, and how it is trained: the network, its initial parameters, the order of images, the recipe."""

from __future__ import annotations

from impls.spec.initial import SCHEMES, initial_params
from impls.spec.network import (
    ACTIVATION_SHAPES,
    CLASSES,
    IMAGE_SHAPE,
    PARAMETER_SHAPES,
    PARAMETERS_TOTAL,
    PARAMETERS_TOTAL_GREY,
    Params,
    fan_in,
    parameter_counts,
    parameter_shapes,
)
from impls.spec.order import epoch_order
from impls.spec.recipe import (
    ADAM_BETA1,
    ADAM_BETA2,
    ADAM_EPSILON,
    HUNDRED,
    HUNDRED_HALVING,
    LECTURE,
    RECIPES,
    Recipe,
    lecture,
)

__all__ = [
    "ACTIVATION_SHAPES",
    "ADAM_BETA1",
    "ADAM_BETA2",
    "ADAM_EPSILON",
    "CLASSES",
    "HUNDRED",
    "HUNDRED_HALVING",
    "IMAGE_SHAPE",
    "LECTURE",
    "PARAMETERS_TOTAL",
    "PARAMETERS_TOTAL_GREY",
    "PARAMETER_SHAPES",
    "RECIPES",
    "SCHEMES",
    "Params",
    "Recipe",
    "epoch_order",
    "fan_in",
    "initial_params",
    "lecture",
    "parameter_counts",
    "parameter_shapes",
]
