"""Flax without YNNPACK, a library of kernels that XLA hands parts of a CPU program to."""

from __future__ import annotations

import os
import sys
from typing import ClassVar

FLAG = "--xla_cpu_experimental_ynn_fusion_type="
"""What XLA may hand to YNNPACK: nothing."""

# XLA reads its flags once, and what imported JAX before may have made it do so.
_too_late = "jax" in sys.modules and FLAG not in os.environ.get("XLA_FLAGS", "").split()
if not _too_late:
    os.environ["XLA_FLAGS"] = f"{os.environ.get('XLA_FLAGS', '')} {FLAG}".strip()

from impls.errors import LenetError  # noqa: E402
from impls.flax.nnx import FlaxNNX  # noqa: E402


class FlaxWithoutYNN(FlaxNNX):
    """The plain Flax step, with XLA told to leave YNNPACK alone.

    This jaxlib sends convolutions to YNNPACK, which is slow at a weight's gradient: a convolution whose "kernel" is as
    large as the layer's output. Eigen, which XLA uses otherwise, is faster at that.

    Prediction: faster, because a training step spends more time in gradients than in the forward pass.

    Raises (constructor):
        LenetError: JAX was imported before this module, without the flag.
    """

    variants: ClassVar[tuple[str, ...]] = ("jit",)
    precisions: ClassVar[tuple[str, ...]] = ("fp32",)

    def __init__(self, *, variant: str = "jit", device: str = "cpu", precision: str = "fp32") -> None:
        if _too_late:
            raise LenetError(
                f"JAX was imported before impls.tried.flax_without_ynn could set XLA_FLAGS={FLAG}; import that module "
                "first, or set the variable yourself."
            )
        super().__init__(variant=variant, device=device, precision=precision)
