"""The order of the images in an epoch, which all backends share."""

import numpy as np
import pytest

from impls.errors import LenetError
from impls.spec import epoch_order


def test_an_epoch_visits_every_image_once() -> None:
    order = epoch_order(0, 0, 1000, 100)
    assert order.shape == (10, 100)
    assert order.dtype == np.int64
    assert sorted(order.ravel()) == list(range(1000))


def test_order_depends_on_seed_and_epoch_alone() -> None:
    same, other_epoch, other_seed = (epoch_order(*key, 1000, 100) for key in ((3, 1), (3, 2), (4, 1)))
    np.testing.assert_array_equal(same, epoch_order(3, 1, 1000, 100))
    assert (same != other_epoch).any()
    assert (same != other_seed).any()


def test_order_is_the_same_on_every_machine() -> None:
    """Stored results name seeds; a change of generator would silently change what they mean."""
    assert epoch_order(0, 0, 50_000, 100)[0, :5].tolist() == [25461, 5892, 10377, 28814, 9578]


@pytest.mark.parametrize("batch_size", [0, -1, 96])
def test_no_batch_is_dropped_or_short(batch_size: int) -> None:
    with pytest.raises(LenetError, match="does not divide 50,000 images"):
        epoch_order(0, 0, 50_000, batch_size)
