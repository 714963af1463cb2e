"""TF32 is refused where a device does not have it."""

from __future__ import annotations

import pytest

from impls.contract.precision import require_tf32
from impls.errors import PrecisionUnavailableError


def test_tf32_needs_a_gpu_that_has_it() -> None:
    require_tf32((8, 0))
    with pytest.raises(PrecisionUnavailableError, match=r"capability 8\.0 or more, and this is one of 7\.5;"):
        require_tf32((7, 5))
