"""Eager PyTorch with the channels of a pixel side by side in memory."""

from __future__ import annotations

from typing import ClassVar

import torch

from impls.data import Split
from impls.pytorch.eager import Resident
from impls.tried.fused_adam import FusedAdam


class ChannelsLast(FusedAdam):
    """Model and images in PyTorch's ``channels_last`` format, and the fused Adam.

    Shapes stay (N, C, H, W); only strides change, and every operator keeps the format that it is given.

    Prediction: faster, because oneDNN's convolutions can compute in this layout, so that nothing need be reordered on
    the way in and out. What speaks against it: a vector register of 16 floats lies along the channels, and this network
    has 3, 6 and 16 of them.
    """

    variants: ClassVar[tuple[str, ...]] = ("channels-last",)

    def __init__(self, *, variant: str = "channels-last", device: str = "cpu", precision: str = "fp32") -> None:
        super().__init__(variant=variant, device=device, precision=precision)
        # Changes the parameters in place, so that the optimizer still holds them. Weights of other layers have no
        # such format and stay.
        self.model.to(memory_format=torch.channels_last)

    def to_device(self, split: Split) -> Resident:
        data = super().to_device(split)
        # A gather of whole rows, `images[index]`, keeps the format.
        return data._replace(images=data.images.contiguous(memory_format=torch.channels_last))
