"""How much arithmetic and memory traffic an epoch is, counted from the network's shapes, and the least time for it."""

from __future__ import annotations

import math

import numpy as np

from impls.spec import ACTIVATION_SHAPES, IMAGE_SHAPE, PARAMETER_SHAPES, PARAMETERS_TOTAL

LAYERS = [layer for layer in ACTIVATION_SHAPES if f"{layer}.weight" in PARAMETER_SHAPES]
"""Those that multiply, in order."""

FLOAT32 = np.dtype(np.float32).itemsize
INT64 = np.dtype(np.int64).itemsize


def multiply_adds(layer: str) -> int:
    """Multiplications, each with an addition, of one layer's forward pass on one image.

    Every weight of a convolution meets every position of its output once, every weight of a linear layer its input.
    """
    return math.prod(PARAMETER_SHAPES[f"{layer}.weight"]) * math.prod(ACTIVATION_SHAPES[layer][1:])


def epoch_flops(images: int) -> int:
    """Floating-point operations of a training epoch, two for each multiply-add: 3,204,720 an image.

    Counted are the forward pass, the gradients of the weights, and the gradients of every layer's input but conv1's,
    whose input, the image, needs none. Gradients are counted in full, though max-pooling makes three quarters of the
    gradient of a convolution's output zero, and a kernel may leave their products out. Not counted are biases, ReLU,
    pooling, softmax and Adam: some 46,000 operations an image in batches of 100, or 1.4 %.
    """
    forward = sum(multiply_adds(layer) for layer in LAYERS)
    weight_gradients = forward
    input_gradients = sum(multiply_adds(layer) for layer in LAYERS[1:])
    return 2 * (forward + weight_gradients + input_gradients) * images


def epoch_bytes(images: int, steps: int) -> int:
    """Bytes that a training epoch moves to and from main memory even if each of its steps is fused into one.

    Every image (float32), label and index (int64) is read once; the parameters and Adam's two moments (float32) are
    read and written once a step. A cache that keeps these from step to step (0.7 MB) would save that part.
    """
    batches = images * (math.prod(IMAGE_SHAPE) * FLOAT32 + INT64 + INT64)
    state = 3 * PARAMETERS_TOTAL * FLOAT32
    return batches + steps * 2 * state


def floor_seconds(flops: float, bytes: float, flops_per_second: float, bytes_per_second: float) -> float:
    """The least time for so much work on a device of such limits: the roofline's bound.

    Arithmetic and traffic may go on at once, so it is the longer of the two (Williams, Waterman and Patterson,
    "Roofline", Communications of the ACM 52(4), 2009).
    """
    return max(flops / flops_per_second, bytes / bytes_per_second)
