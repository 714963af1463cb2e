"""Backends whose parameters change on the way in and out."""

from __future__ import annotations

import numpy as np

from defects.base import bfloat16
from fakes import Sound
from impls.spec import Params


class RoundsParameters(Sound):
    def load_params(self, params: Params) -> None:
        super().load_params({name: value.astype(np.float16) for name, value in params.items()})


class KeepsParametersInBFloat16(Sound):
    def load_params(self, params: Params) -> None:
        super().load_params({name: bfloat16(value) for name, value in params.items()})
