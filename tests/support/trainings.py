"""Trainings of light backends on made-up images, in this process, as a block would collect them."""

from __future__ import annotations

from functools import cache

import numpy as np

from bench.parity import noise
from bench.timing.standard import Standard, nudged_bits
from bench.timing.trained import Trained
from fakes import Sound
from impls.data import Split
from impls.data.synthetic import synthetic_split
from impls.reference.backend import Reference
from impls.spec import LECTURE, epoch_order, initial_params

IMAGES, EPOCHS = 200, 3


@cache
def split() -> Split:
    return synthetic_split("train", IMAGES)


def training(backend: Reference, seed: int, *, nudge: int = 0, bits: int = 0, epochs: int = EPOCHS) -> list[Trained]:
    """What a backend trains from a seed's initial parameters; those of twin number ``nudge`` if that is not 0."""
    params = initial_params(seed, LECTURE.initial)
    if nudge:
        params = noise.nudged(params, np.random.default_rng([seed, nudge]), bits)
    backend.load_params(params)
    data, found = backend.to_device(split()), []
    for epoch in range(epochs):
        losses = backend.train_epoch(data, epoch_order(seed, epoch, IMAGES, 100), LECTURE.lr(epoch))
        found.append(Trained(losses, backend.export_params()))
    return found


@cache
def standard(seed: int = 0, precision: str = "fp32") -> Standard:
    """Of `fakes.Sound`, with three twins."""
    bits = nudged_bits(precision)
    return Standard("sound", [training(Sound(precision=precision), seed, nudge=n, bits=bits) for n in range(4)])
