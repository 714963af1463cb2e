"""Adam, written out in NumPy: what every backend's optimizer is held against."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from impls.spec import ADAM_BETA1, ADAM_BETA2, ADAM_EPSILON, Params


@dataclass
class Adam:
    """Adam (Kingma & Ba, 2015, algorithm 1): moments per parameter and the number of steps taken."""

    steps: int = 0
    m: Params = field(default_factory=dict)
    v: Params = field(default_factory=dict)

    def step(self, params: Params, grads: Params, lr: float) -> Params:
        """The parameters after one step; the moments and the count are updated in place."""
        self.steps += 1
        after = {}
        for name, p in params.items():
            g = grads[name].astype(p.dtype)
            one = p.dtype.type(1)
            b1, b2 = p.dtype.type(ADAM_BETA1), p.dtype.type(ADAM_BETA2)
            self.m[name] = b1 * self.m.get(name, np.zeros_like(p)) + (one - b1) * g
            self.v[name] = b2 * self.v.get(name, np.zeros_like(p)) + (one - b2) * g * g
            m_hat = self.m[name] / (one - b1**self.steps)
            v_hat = self.v[name] / (one - b2**self.steps)
            after[name] = p - p.dtype.type(lr) * m_hat / (np.sqrt(v_hat) + p.dtype.type(ADAM_EPSILON))
        return after
