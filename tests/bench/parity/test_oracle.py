"""The oracle's answers are kept and found again, for precisions that have tolerances."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from bench.parity.oracle import expected
from impls.data.synthetic import synthetic_split
from impls.errors import LenetError
from ladder import Splits


@pytest.mark.slow
def test_oracle_is_kept_and_found_again(tmp_path: Path) -> None:
    small = synthetic_split("train", 200), synthetic_split("test", 40)
    first = expected(*small, seed=5, batch_size=20, lr=1e-3, cache=tmp_path)
    assert len(list(tmp_path.glob("oracle-*.npz"))) == 1
    again = expected(*small, seed=5, batch_size=20, lr=1e-3, cache=tmp_path)
    np.testing.assert_array_equal(first.trajectory, again.trajectory)
    expected(*small, seed=5, batch_size=20, lr=1e-4, cache=tmp_path)
    assert len(list(tmp_path.glob("oracle-*.npz"))) == 2


def test_a_precision_without_tolerances(made_up: Splits) -> None:
    with pytest.raises(LenetError, match="no tolerances for precision 'int8'; it has them for fp32, tf32, bf16"):
        expected(*made_up, seed=0, batch_size=100, lr=1e-3, cache=None, precision="int8")
