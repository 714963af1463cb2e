"""The recipes' learning rates and lengths."""

from __future__ import annotations

from impls.spec import LECTURE, RECIPES


def test_learning_rate_is_halved_after_every_ten_epochs() -> None:
    recipe = RECIPES["lecture-100-halving"]
    assert [recipe.lr(epoch) for epoch in (0, 9, 10, 19, 20, 99)] == [
        1e-4,
        1e-4,
        5e-5,
        5e-5,
        2.5e-5,
        1e-4 / 512,
    ]
    assert {LECTURE.lr(epoch) for epoch in range(10)} == {1e-4}


def test_a_shortened_recipe_does_not_keep_its_name() -> None:
    short = LECTURE.shortened(2)
    assert short.epochs == 2
    assert short.name != LECTURE.name
    assert LECTURE.shortened(10) is LECTURE
