"""A block matrix holds the weights of a convolution, and images come back from cells."""

from __future__ import annotations

import numpy as np
import pytest

from impls.data import Split
from impls.tried.block_matrix import CONV1, CONV2, BlockMatrix, from_cells, to_cells


@pytest.mark.parametrize("block", [CONV1, CONV2])
def test_a_block_matrix_has_each_weight_once_for_each_output(block: BlockMatrix) -> None:
    weight = np.arange(1, block.places.shape[1] + 1)
    assert weight.size
    matrix = np.append(weight, 0)[block.source].reshape(block.shape)
    assert (np.sort(matrix.ravel()[block.places]) == weight).all()
    assert np.count_nonzero(matrix) == block.places.size == block.side**2 * weight.size


def test_images_come_back_from_cells(made_up: tuple[Split, Split]) -> None:
    images = made_up[0].images[:5]
    cells = to_cells(images)
    np.testing.assert_array_equal(cells[2, 1, 3].reshape(4, 4, 3).transpose(2, 0, 1), images[2, :, 4:8, 12:16])
    np.testing.assert_array_equal(from_cells(cells, side=4), images)
