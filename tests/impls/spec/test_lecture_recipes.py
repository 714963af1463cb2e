"""The lecture's recipes: their names, and the halving of their learning rate."""

from __future__ import annotations

from impls.spec import HUNDRED, HUNDRED_HALVING, LECTURE, RECIPES, lecture


def test_a_recipe_is_named_by_what_it_does_otherwise() -> None:
    assert lecture() == LECTURE
    assert (lecture(100), lecture(100, halving=True)) == (HUNDRED, HUNDRED_HALVING)
    assert lecture(20, halving=True, learning_rate=1e-3, initial="flax").name == (
        "lecture-20-halving-lr-0.001-flax-initial"
    )
    options = [(e, h, r, i) for e in (3, 10) for h in (False, True) for r in (1e-3, 1e-4) for i in ("pytorch", "flax")]
    names = [lecture(e, halving=h, learning_rate=r, initial=i).name for e, h, r, i in options]
    assert len(set(names)) == len(names)
    assert RECIPES
    assert all(recipe.name == name for name, recipe in RECIPES.items())


def test_halving_halves_after_every_ten_epochs() -> None:
    assert [HUNDRED_HALVING.lr(epoch) for epoch in (0, 9, 10, 19, 20, 99)] == [
        1e-4, 1e-4, 0.5e-4, 0.5e-4, 0.25e-4, 1e-4 / 2**9
    ]  # fmt: skip
    assert HUNDRED.lr(99) == 1e-4
