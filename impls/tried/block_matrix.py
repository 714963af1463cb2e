"""A convolution as one product with a block matrix: the trick that some of these formulations share.

Libraries multiply matrices at the processor's full speed where all sides are long. A convolution with 3 input and 6
output channels is a product with sides of 75 and 6, which is not; so several neighbouring outputs are made at once.
In one dimension, 4 outputs of a kernel (a b c d e) are the product of 8 inputs with a Toeplitz matrix:

                                  . is zero              rows: outputs 0 to 3, columns: inputs 0 to 7
        a b c d e . . .
        . a b c d e . .
        . . a b c d e .
        . . . a b c d e

In two dimensions, an image is cut into cells of 4x4 pixels, each of whose 4·4·3 = 48 values lie side by side:

        8 x 8 cells                                      the same in the framework's words
        +----+----+----+--
        |####|####|    |        a group of 2x2 cells     patches of 2x2 cells   (B·7·7, 192)
        |####|####|    |        holds 8·8·3 = 192        block matrix, transposed  (192, 96)
        +----+----+----+--      values: all that 4x4     product                (B·7·7, 96)
        |####|####|    |        outputs of conv1
        |####|####|    |        depend on                or: a 2x2 convolution of an 8x8 image with
        +----+----+----+--                               48 channels, with 96 channels as its result
        |    |    |    |

The 4·4·6 = 96 outputs can be ordered at will. They are ordered by place in the 2x2 pooling window, then by window, then
by channel. Then a row of the product is four groups of 24, and max-pooling is the maximum of the groups:

        | upper left: 2x2 windows x 6 | upper right: ... | lower left: ... | lower right: ... |

These 24 maxima are in turn a cell of 2x2 pixels of 6 channels, 7x7 cells in all, which is just what conv2 needs: its
2x2 outputs depend on 3x3 cells, 6·6·6 = 216 values, and its 64 results are four groups of 16 channels.

The price is the zeros: conv1 multiplies 192 · 96 · 49 times where 75 · 6 · 784 would do (2.6 times as often), and conv2
216 · 64 · 25 times for 150 · 16 · 100 (1.4 times); with the gradients and the linear layers, which stay as they are, a
training step does 1.9 times the work. A formulation wins if its library is faster by more than that.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

KERNEL = 5


@dataclass(frozen=True)
class BlockMatrix:
    """Where a convolution's weight stands in its block matrix.

    Attributes:
        inputs: the convolution's input channels.
        outputs: its output channels.
        side: of a cell in pixels, and of the block of outputs that one row of the product holds.
    """

    inputs: int
    outputs: int
    side: int

    @property
    def cells(self) -> int:
        """Cells in each direction that a block of outputs depends on: side + 4 pixels, in whole cells."""
        return -(-(self.side + KERNEL - 1) // self.side)

    @property
    def shape(self) -> tuple[int, int]:
        """Rows, one an output of a block, and columns, one a value of a group of cells."""
        return self.side**2 * self.outputs, (self.cells * self.side) ** 2 * self.inputs

    @cached_property
    def places(self) -> np.ndarray:
        """(side², weights) int64: for each output of a block and each element of the weight, its place in the matrix.

        A weight's gradient is thus ``matrix_gradient.ravel()[places].sum(0)``.
        """
        half = self.side // 2
        # One axis each: place in the pooling window (2), window (2), output and input channel (2), place in kernel (2).
        u, v, p, q, o, c, i, j = np.ogrid[:2, :2, :half, :half, : self.outputs, : self.inputs, :KERNEL, :KERNEL]
        output = (((u * 2 + v) * half + p) * half + q) * self.outputs + o
        y, x = 2 * p + u + i, 2 * q + v + j  # the pixel, counted within the group of cells
        cell = y // self.side * self.cells + x // self.side
        within = y % self.side * self.side + x % self.side
        value = (cell * self.side**2 + within) * self.inputs + c
        return (output * self.shape[1] + value).reshape(self.side**2, -1)

    @cached_property
    def source(self) -> np.ndarray:
        """(rows · columns,) int64: for each place in the matrix the weight's element there; the last + 1 means zero.

        The matrix is thus ``append(weight.ravel(), 0)[source].reshape(shape)``.
        """
        weights = self.places.shape[1]
        source = np.full(self.shape[0] * self.shape[1], weights)
        source[self.places] = np.arange(weights)
        return source


CONV1 = BlockMatrix(inputs=3, outputs=6, side=4)
CONV2 = BlockMatrix(inputs=6, outputs=16, side=2)


def to_cells(images: np.ndarray) -> np.ndarray:
    """Images (N, 3, 32, 32) as cells (N, 8, 8, 48): "space to depth", a pixel's row, column and channel in each."""
    parts = images.reshape(-1, 3, 8, 4, 8, 4)
    return np.ascontiguousarray(parts.transpose(0, 2, 4, 3, 5, 1)).reshape(-1, 8, 8, 48)


def from_cells(cells: np.ndarray, side: int) -> np.ndarray:
    """Cells (N, rows, columns, side · side · channels) as an image (N, channels, rows · side, columns · side)."""
    n, rows, columns, values = cells.shape
    channels = values // side**2
    parts = cells.reshape(n, rows, columns, side, side, channels)
    return np.ascontiguousarray(parts.transpose(0, 5, 1, 3, 2, 4)).reshape(n, channels, rows * side, columns * side)
