"""Backends that read other images than they should."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

import numpy as np

from defects.base import Array
from fakes import Sound
from impls.data import Split
from impls.spec import Params


class _ChangesImages(Sound):
    change: ClassVar[Callable[[Array], Array]]

    def to_device(self, split: Split) -> Split:
        return Split(split.name, type(self).change(split.images), split.labels, split.fingerprint)


class SwapsRedAndBlue(_ChangesImages):
    change = staticmethod(lambda x: x[:, ::-1])


class DividesBy256(_ChangesImages):
    change = staticmethod(lambda x: x * np.float32(255 / 256))


class Normalises(_ChangesImages):
    change = staticmethod(lambda x: (x - np.float32(0.5)) / np.float32(0.25))


class StoresHalfPrecision(_ChangesImages):
    change = staticmethod(lambda x: x.astype(np.float16).astype(np.float32))


class RepeatsABatch(Sound):
    def load_params(self, params: Params) -> None:
        super().load_params(params)
        self.first: Array | None = None

    def read_batch(self, data: Split, indices: Array) -> tuple[Array, Array]:
        self.first = indices if self.first is None else self.first
        return super().read_batch(data, self.first)
