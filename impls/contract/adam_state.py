"""What Adam remembers between steps, in canonical form: with it, training that was stopped goes on."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from impls.spec import PARAMETER_SHAPES, Params


@dataclass(frozen=True)
class AdamState:
    """Adam's state (Kingma & Ba, 2015, algorithm 1).

    Attributes:
        steps: taken so far, the t of the bias corrections.
        first: the moments m, running means of the gradients; named, shaped and laid out as the parameters, float32.
        second: the moments v, of their squares; likewise.
    """

    steps: int
    first: Params
    second: Params

    @classmethod
    def fresh(cls) -> AdamState:
        """Before the first step."""
        first, second = ({n: np.zeros(shape, np.float32) for n, shape in PARAMETER_SHAPES.items()} for _ in range(2))
        return cls(0, first, second)
