"""The block matrix formulation in plain operators, compiled by `torch.compile`."""

from __future__ import annotations

from typing import ClassVar

import torch
import torch.nn.functional as F
from torch import Tensor

from impls.pytorch.compile import PyTorchCompile
from impls.pytorch.eager import LeNet
from impls.tried.torch_block_matrix import BlockMatrixLeNet, Tables
from impls.tried.torch_on_cells import OnCells


class PlainLeNet(BlockMatrixLeNet):
    """The same network of cells without an operator of its own, which a compiler could not see into."""

    def conv_relu_pool(self, x: Tensor, weight: Tensor, bias: Tensor, block: Tables) -> Tensor:
        """A layer of convolution, from cells to cells."""
        product = F.conv2d(x.permute(0, 3, 1, 2), block.matrix(weight)).permute(0, 2, 3, 1)
        v00, v01, v10, v11 = product.unflatten(3, (4, -1)).unbind(3)
        largest = first_maximum(first_maximum(v00, v01), first_maximum(v10, v11))
        # Adding the bias after the maximum gives the same, with a quarter of the additions.
        return F.relu(largest + bias.repeat(block.of.side**2 // 4))


def first_maximum(first: Tensor, second: Tensor) -> Tensor:
    """The greater one; ``torch.maximum`` would send half of the gradient to each of two equals."""
    return torch.where(second > first, second, first)


class TorchCompileCells(OnCells, PyTorchCompile):
    """The block matrix formulation, from the gather to Adam as one compiled program.

    Prediction: faster than the same op by op, because the compiler makes one pass over a convolution's output of what
    eager PyTorch does in seven (maxima, ReLU, comparisons, gradients), and the rest spares the calls of operators.
    """

    variants: ClassVar[tuple[str, ...]] = ("compile-block-matrix",)
    precisions: ClassVar[tuple[str, ...]] = ("fp32",)
    network: ClassVar[type[LeNet]] = PlainLeNet
