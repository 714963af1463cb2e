"""Training recipes: every hyper-parameter of a run, named."""

from __future__ import annotations

from dataclasses import dataclass, replace

ADAM_BETA1 = 0.9
ADAM_BETA2 = 0.999
ADAM_EPSILON = 1e-8
"""Added outside the square root and after the bias correction (Kingma & Ba, 2015, algorithm 1)."""


@dataclass(frozen=True)
class Recipe:
    """How to train: Adam on shuffled batches, test accuracy after every epoch.

    Attributes:
        name: what tables call it; a changed recipe must not keep its name.
        epochs: passes over the training split.
        batch_size: images per step; must divide the split, since no batch is dropped or short.
        learning_rate: Adam's step size in the first epoch.
        halve_every: the learning rate is halved after every this many epochs; 0 keeps it.
    """

    name: str
    epochs: int
    batch_size: int = 100
    learning_rate: float = 1e-4
    halve_every: int = 0

    def lr(self, epoch: int) -> float:
        """Learning rate of ``epoch``, counted from 0."""
        return self.learning_rate * (0.5 ** (epoch // self.halve_every) if self.halve_every else 1.0)

    def shortened(self, epochs: int) -> Recipe:
        """The first ``epochs`` epochs of this recipe, under a name that says so."""
        if epochs >= self.epochs:
            return self
        return replace(self, name=f"{self.name}[:{epochs}]", epochs=epochs)


# The lecture does not state its learning rate. With 1e-4 Adam gives what it shows, 28 % after the first epoch
# and "0.45 or more" after the tenth; with PyTorch's default of 1e-3 it gives some 43 % and 60 %.
LECTURE = Recipe("lecture", epochs=10)

RECIPES = {
    recipe.name: recipe
    for recipe in (
        LECTURE,
        Recipe("lecture-100", epochs=100),
        Recipe("lecture-100-halving", epochs=100, halve_every=10),
    )
}
