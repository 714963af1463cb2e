"""What the tests of training train: light variants by recipes of two epochs."""

from __future__ import annotations

from dataclasses import replace

from bench.training.job import Progress
from impls.spec import LECTURE

SOUND = "fakes:Sound:float32"
OTHER = "fakes:Sound:float64"
MANY = "many:TrainsMany:float32"
"""Trains several seeds at once."""

RECIPE = LECTURE.shortened(2)
BRISK = replace(RECIPE, name="brisk", batch_size=50, learning_rate=1e-3)

AT = Progress("x", 0, 1, 2, 0, 2)
"""A run of such a recipe that is about to begin."""
