"""Other rules for tied maxima."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from impls.reference import network
from impls.spec import Params

Array = np.ndarray


def tie_rules(params: Params, images: Array, labels: Array) -> Iterator[tuple[str, Params]]:
    """Gradients under other rules for tied maxima: the last takes all, or all of them share."""
    p = network.as_float64(params)
    _, a = network.forward(p, images)
    cells = {k: network.windows(network.relu(a[f"conv{k}"])) for k in (1, 2)}
    tied = {k: (c == c.max(axis=-1, keepdims=True)) for k, c in cells.items()}

    def with_winners(first: Array, second: Array) -> Params:
        return network.backward(p, a | {"winner1": first, "winner2": second}, labels)

    last = {k: 3 - t[..., ::-1].argmax(axis=-1) for k, t in tied.items()}
    yield "tied maxima send their gradient to the last of them and not to the first", with_winners(last[1], last[2])

    # The gradient is linear in each pooling's choice, so sharing is the average over all choices; where
    # all four of a window tie, as they do in this case, the k-th choice is element k.
    def choice(layer: int, k: int) -> Array:
        return np.where(tied[layer].all(axis=-1), k, a[f"winner{layer}"])

    runs = [with_winners(choice(1, i), choice(2, j)) for i in range(4) for j in range(4)]
    yield "tied maxima share their gradient", {name: np.mean([run[name] for run in runs], axis=0) for name in p}
