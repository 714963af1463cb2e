"""The twin starts one unit in the last place away from the initial parameters."""

from __future__ import annotations

import numpy as np

from bench.training import starts
from impls.spec import initial_params


def test_the_twin_starts_one_unit_in_the_last_place_away() -> None:
    params, twin = initial_params(0), starts.twin_params(0)
    assert list(twin) == list(params)
    ups = []
    for name, p in params.items():
        assert twin[name].dtype == np.float32
        assert p.all()  # beside zero, and across it, the bits do not count units
        steps = twin[name].view(np.int32) - p.view(np.int32)
        assert (np.abs(steps) == 1).all(), name
        ups.append(np.mean(twin[name] > p))
    assert 0.4 < np.mean(ups) < 0.6
    assert all((starts.twin_params(0)[name] == twin[name]).all() for name in twin)
