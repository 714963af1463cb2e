"""Both frameworks train several seeds at once, each as if it were alone."""

from __future__ import annotations

import numpy as np
import pytest

from impls import registry
from impls.data.synthetic import synthetic_split
from impls.spec import epoch_order, initial_params

SEEDS = (0, 1, 2)


# PyTorch with shorter batches as well, in training and in evaluation; JAX would compile everything twice.
@pytest.mark.slow
@pytest.mark.parametrize(("name", "tested", "batch"), [("pytorch:eager", 50, 30), ("flax:jit", 30, 40)])
def test_several_seeds_at_once_are_each_as_if_it_were_alone(name: str, tested: int, batch: int) -> None:
    """Over two epochs, the second at another rate; float32 noise apart."""
    train, test = synthetic_split("train", 120), synthetic_split("test", tested)
    epochs = [(epoch_order(0, 0, 120, 40), 1e-3), (epoch_order(0, 1, 120, batch)[:3], 5e-4)]
    orders = [np.stack([(order + 7 * seed) % 120 for seed in SEEDS]) for order, _ in epochs]
    [choice] = registry.choices(name)
    backend = registry.load(choice)(variant=choice.variant or "", device="cpu")
    backend.evaluation_batch = 30  # type: ignore[attr-defined]
    data, test_data = backend.to_device(train), backend.to_device(test)
    starts = [initial_params(seed) for seed in SEEDS]
    backend.load_params(starts[2])

    many = backend.many()
    assert many is not None
    many.load_many(starts)
    for exported, start in zip(many.export_many(), starts, strict=True):
        assert all((exported[key] == start[key]).all() for key in start)
    losses = [many.train_many(data, order, lr) for order, (_, lr) in zip(orders, epochs, strict=True)]
    trained, classes = many.export_many(), many.predict_many(test_data)
    # The backend's own model is as it was.
    assert all((value == starts[2][key]).all() for key, value in backend.export_params().items())

    for seed in SEEDS:
        backend.load_params(starts[seed])
        for order, found, (_, lr) in zip(orders, losses, epochs, strict=True):
            assert found.dtype == np.float32
            np.testing.assert_allclose(found[seed], backend.train_epoch(data, order[seed], lr), rtol=2e-5)
        assert (classes[seed] == backend.predict(test_data)).mean() > 0.9
        # Adam makes a whole step of a gradient that is nothing but rounding, so single parameters may differ.
        ours = backend.export_params()
        assert np.mean(np.concatenate([np.abs(trained[seed][key] - ours[key]).ravel() for key in ours])) < 1e-6

    many.load_many(starts)  # and no moments are left
    np.testing.assert_allclose(many.train_many(data, orders[0], 1e-3), losses[0], rtol=2e-5)


def test_who_runs_another_way_does_not_offer_it() -> None:
    for name in ("pytorch:lecture", "reference:float32"):
        [choice] = registry.choices(name)
        assert registry.load(choice)(variant=choice.variant or "", device="cpu").many() is None
