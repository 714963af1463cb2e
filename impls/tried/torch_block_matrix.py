"""PyTorch with each convolution as a product with a block matrix (`impls.tried.block_matrix`)."""

from __future__ import annotations

from typing import Any, ClassVar

import torch
import torch.nn.functional as F
from torch import Tensor
from torch.autograd import Function
from torch.autograd.function import once_differentiable

from impls.pytorch.eager import LeNet, Resident
from impls.tried.block_matrix import CONV1, CONV2, BlockMatrix
from impls.tried.fused_adam import FusedAdam
from impls.tried.torch_on_cells import OnCells


class ConvReLUPool(Function):
    """Convolution, ReLU and max-pool from cells to cells.

    x (B, rows, columns, values), canonical weight and bias, the block's tables -> (B, rows', columns', values').
    """

    @staticmethod
    def forward(ctx: Any, x: Tensor, weight: Tensor, bias: Tensor, block: Tables) -> Tensor:
        matrix = block.matrix(weight)
        # A group of cells times the matrix is a convolution of cells. oneDNN computes it in the layout that it has
        # here, "channels last", and adds the bias on its way.
        product = F.conv2d(x.permute(0, 3, 1, 2), matrix, bias.repeat(block.of.side**2)).permute(0, 2, 3, 1)
        window = product.unflatten(3, (2, 2, -1))  # row and column in the pooling window, value of the resulting cell
        rows = torch.maximum(window[..., 0, :], window[..., 1, :])
        result = F.relu(torch.maximum(rows[..., 0, :], rows[..., 1, :]))
        ctx.save_for_backward(x, matrix, window, rows, result)
        ctx.block = block
        return result

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, grad: Tensor) -> tuple[Tensor | None, ...]:
        x, matrix, window, rows, result = ctx.saved_tensors
        grad = torch.ops.aten.threshold_backward(grad, result, 0)  # of ReLU: where the result is positive
        grad_bias = grad.sum((0, 1, 2)).view(-1, ctx.block.of.outputs).sum(0)
        grad_window = to_first_maximum(to_first_maximum(grad, rows), window)
        grad_x, grad_matrix, _ = torch.ops.aten.convolution_backward(
            *(grad_window.flatten(3).permute(0, 3, 1, 2), x.permute(0, 3, 1, 2), matrix),
            *(None, [1, 1], [0, 0], [1, 1], False, [0, 0], 1),  # no bias; stride, padding, dilation, groups: the usual
            [ctx.needs_input_grad[0], True, False],
        )
        grad_x = None if grad_x is None else grad_x.permute(0, 2, 3, 1)
        return grad_x, ctx.block.weight_gradient(grad_matrix), grad_bias, None


def to_first_maximum(grad: Tensor, pair: Tensor) -> Tensor:
    """The gradient of ``maximum(pair[..., 0, :], pair[..., 1, :])``; of two equals the first has it all.

    ``threshold_backward`` keeps a gradient where another number is above 0: ``torch.where(second > first, grad, 0)``
    in one vectorised pass, where ``torch.where`` needs a mask made first and is far slower.
    """
    first, second = pair.unbind(-2)
    result = torch.empty_like(pair)
    to_second = result[..., 1, :]
    torch.ops.aten.threshold_backward.grad_input(grad, second - first, 0, grad_input=to_second)
    torch.sub(grad, to_second, out=result[..., 0, :])  # exact: one of the two is 0
    return result


class Tables:
    """A block matrix in PyTorch."""

    def __init__(self, of: BlockMatrix) -> None:
        self.of, self.places = of, torch.from_numpy(of.places)
        self.flat_places, self.source = self.places.flatten(), torch.from_numpy(of.source)

    def matrix(self, weight: Tensor) -> Tensor:
        """The block matrix as the weight of a convolution of cells, in channels-last format."""
        values = F.pad(weight.flatten(), (0, 1)).index_select(0, self.source)
        return values.view(self.of.shape[0], self.of.cells, self.of.cells, -1).permute(0, 3, 1, 2)

    def weight_gradient(self, matrix_gradient: Tensor) -> Tensor:
        """Each element's gradient: the sum over its places in the matrix."""
        values = matrix_gradient.permute(0, 2, 3, 1).flatten().index_select(0, self.flat_places)
        return values.view(self.places.shape).sum(0).view(self.of.outputs, self.of.inputs, 5, 5)


class BlockMatrixLeNet(LeNet):
    """The same parameters; images come as cells (N, 8, 8, 48)."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.block1, self.block2 = Tables(CONV1), Tables(CONV2)

    def forward(self, x: Tensor) -> Tensor:
        """Map cells to log-probabilities (N, 10)."""
        return F.log_softmax(self.layers(x)["fc3"], dim=1)

    def layers(self, x: Tensor) -> dict[str, Tensor]:
        """What the layers give out, named as in `impls.spec.ACTIVATION_SHAPES`; pooling as cells, after ReLU."""
        pool1 = self.conv_relu_pool(x, self.conv1.weight, self.conv1.bias, self.block1)
        pool2 = self.conv_relu_pool(pool1, self.conv2.weight, self.conv2.bias, self.block2)
        fc1 = self.fc1(pool2.permute(0, 3, 1, 2).flatten(1))  # channels first, as the canonical network flattens
        fc2 = self.fc2(F.relu(fc1))
        fc3 = self.fc3(F.relu(fc2))
        return {"pool1": pool1, "pool2": pool2, "fc1": fc1, "fc2": fc2, "fc3": fc3}

    def conv_relu_pool(self, x: Tensor, weight: Tensor, bias: Tensor, block: Tables) -> Tensor:
        """A layer of convolution, from cells to cells."""
        return ConvReLUPool.apply(x, weight, bias, block)


class TorchBlockMatrix(OnCells, FusedAdam):
    """Convolutions of cells by oneDNN, and the pooling's gradient in vectorised passes; with the fused Adam.

    Prediction: faster, because oneDNN is fast where there are many channels: 48 to 96 and 24 to 64 in place of 3 to 6
    and 6 to 16, for 1.9 times the work.
    """

    variants: ClassVar[tuple[str, ...]] = ("block-matrix",)
    network: ClassVar[type[LeNet]] = BlockMatrixLeNet

    def _train_steps(self, data: Resident, order: Tensor, losses: Tensor) -> None:
        rows = data.images.flatten(1)
        for step, index in enumerate(order):
            self.optimizer.zero_grad()
            # `index_select` copies whole rows; `images[index]`, made for indices of any kind, is slower.
            images = rows.index_select(0, index).view(-1, *data.images.shape[1:])
            loss = F.nll_loss(self.model(images), data.labels[index])
            loss.backward()
            self.optimizer.step()
            losses[step] = loss.detach()
