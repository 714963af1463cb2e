"""A backend that breaks the contract of several seeds at once ends in a sentence."""

from __future__ import annotations

import numpy as np
import pytest

import many
from bench.guard.many import GuardedMany
from impls.errors import BackendError
from impls.spec import initial_params
from ladder import Splits


def test_a_broken_contract_is_a_sentence(made_up: Splits) -> None:
    guarded = GuardedMany(many.backend_with(many.TransposesLosses).many(), lambda method: None)  # type: ignore[arg-type]
    guarded.load_many([initial_params(0), initial_params(1)])
    with pytest.raises(BackendError, match=r"train_many's result is float32\(3, 2\) where float32\(2, 3\)"):
        guarded.train_many(made_up[0], np.zeros((2, 3, 4), np.int64), 1e-3)
    with pytest.raises(BackendError, match=r"predict_many returned a list where integers \(2, 200\)"):
        guarded.predict_many(made_up[1], 200)
