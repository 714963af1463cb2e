"""Backends whose layers give out what they are after their ReLU, as if the two were one: sound and wrong ones."""

from __future__ import annotations

from unittest.mock import patch

import numpy as np

import defects
from defects.base import Patched
from fakes import Sound
from impls.pytorch.eager import PyTorch
from impls.reference import network
from impls.spec.fused import RECTIFIED_SHAPES, SUFFIX

Array = np.ndarray


def rectified(activations: dict[str, Array]) -> dict[str, Array]:
    """What layers give out after their ReLU, under their names for that; the rest as it is."""
    names = {name: f"{name}{SUFFIX}" for name in activations if f"{name}{SUFFIX}" in RECTIFIED_SHAPES}
    after = {names[name]: network.relu(activations[name]) for name in names}
    return after | {name: value for name, value in activations.items() if name not in names}


class FusesItsReLUs(Sound):
    def activations(self, images: Array) -> dict[str, Array]:
        return rectified(super().activations(images))


class FusesPyTorchs(PyTorch):
    def activations(self, images: Array) -> dict[str, Array]:
        return rectified(super().activations(images))


class GivesBoth(Sound):
    """Before the ReLU and after it, and the last ones first."""

    def activations(self, images: Array) -> dict[str, Array]:
        before = super().activations(images)
        return dict(reversed((before | rectified(before)).items()))


class GivesNone(Sound):
    def activations(self, images: Array) -> dict[str, Array]:
        return {}


class GivesSome(Sound):
    """Leaves out the layers that are one with their ReLU."""

    def activations(self, images: Array) -> dict[str, Array]:
        before = super().activations(images)
        return {name: before[name] for name in ("pool1", "pool2", "fc3")}


# --- wrong ones -----------------------------------------------------------------------------------------------


class _Patched(Patched):
    """A defect of the reference, in what the layers give out after their ReLU as well."""

    def activations(self, images: Array) -> dict[str, Array]:
        with patch.multiple(network, **self.patches()):
            return rectified(Sound.activations(self, images))


class MissesAReLU(_Patched, defects.MissesAReLU):
    pass


class CapsAt6(_Patched, defects.CapsActivationsAt6):
    pass


class FlipsKernels(_Patched, defects.FlipsKernels):
    pass


class ForgetsABias(FusesItsReLUs):
    """The fused layer's own: no bias in conv2."""

    def load_params(self, params: dict[str, Array]) -> None:
        super().load_params(params | {"conv2.bias": np.zeros_like(params["conv2.bias"])})
        self.loaded = params["conv2.bias"].copy()

    def export_params(self) -> dict[str, Array]:
        return super().export_params() | {"conv2.bias": self.loaded}


class NamesThemWrongly(Sound):
    """Gives out what layers are before their ReLU, under the names for after it."""

    def activations(self, images: Array) -> dict[str, Array]:
        before = super().activations(images)
        return {f"{name}{SUFFIX}": before[name] for name in ("fc1", "fc2")}


class UsesTF32(FusesItsReLUs, defects.UsesTF32):
    pass
