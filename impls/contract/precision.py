"""What a device must be able to do for the precision asked for."""

from __future__ import annotations

from impls.errors import PrecisionUnavailableError

TF32_SINCE = (8, 0)
"""The compute capability of the first GPUs that have TF32 (NVIDIA Ampere, 2020)."""


def require_tf32(capability: tuple[int, int] | None) -> None:
    """Make sure that there is TF32.

    Args:
        capability: of the NVIDIA GPU to be used, as the framework sees it; None of any other device.

    Raises:
        PrecisionUnavailableError: the device has none.
    """
    if capability is None or capability < TF32_SINCE:
        found = "none" if capability is None else "one of {}.{}".format(*capability)
        raise PrecisionUnavailableError(
            "TF32 needs an NVIDIA GPU of compute capability {}.{} or more, and this is {}; use --precision fp32 or "
            "bf16, or --device cuda where there is such a GPU.".format(*TF32_SINCE, found)
        )
