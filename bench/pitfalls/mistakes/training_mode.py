"""Evaluating in training mode."""

from __future__ import annotations

from dataclasses import dataclass

from bench.pitfalls import words
from bench.pitfalls.lab import PLANTED, Lab
from bench.pitfalls.mistake import Mistake, Thread, Told
from bench.stats.equivalence import points

EPOCHS = 3
PLAIN, DROPOUT = f"{PLANTED}.training_mode:Plain", f"{PLANTED}.training_mode:WithDropout"


@dataclass(frozen=True)
class Figures:
    """Accuracies, fractions, each pair of one trained network.

    Attributes:
        epochs: that the networks were trained for.
        plain: LeNet, evaluated in evaluation mode.
        plain_training: likewise, in training mode.
        dropout: LeNet with dropout, in evaluation mode.
        dropout_training: likewise, in training mode.
    """

    epochs: int
    plain: float
    plain_training: float
    dropout: float
    dropout_training: float


def measure(lab: Lab) -> Figures:
    """Train LeNet with and without dropout, and evaluate each in both modes."""
    plain, plain_training = _both_modes(lab, PLAIN)
    dropout, dropout_training = _both_modes(lab, DROPOUT)
    return Figures(EPOCHS, plain, plain_training, dropout, dropout_training)


def _both_modes(lab: Lab, name: str) -> tuple[float, float]:
    """Accuracy of a trained network in evaluation mode and in training mode."""
    lab.say(f"evaluating in training mode: {name}")
    with lab.subjects(lab.settings, f"{name}:eval", f"{name}:train") as (right, wrong):
        for _ in range(EPOCHS):
            right.epoch()
        wrong.start_from(right.params())
        return right.evaluate()[1], wrong.evaluate()[1]


def tell(figures: Figures) -> Told:
    """What the figures say."""
    plain, dropout = figures.plain_training - figures.plain, figures.dropout_training - figures.dropout
    worth = "nothing for LeNet, which has neither dropout nor batch normalisation"
    if plain:
        worth = f"{points(plain)} points for LeNet"
    return Told(
        f"{worth}; {points(dropout)} points with dropout in it",
        f"With dropout, the one that forgets eval() is {abs(100 * dropout):.2f} points "
        f"{'less' if dropout < 0 else 'more'} accurate.",
        f"Both have the same parameters: {words.percent(figures.dropout)} with dropout in the network; for LeNet "
        f"itself {words.percent(figures.plain)} in evaluation mode and {words.percent(figures.plain_training)} in "
        "training mode.",
        f"PyTorch's LeNet as it is, and with dropout after both hidden linear layers, which is another network; each "
        f"trained for {figures.epochs} epochs, then evaluated in both modes from the same parameters.",
    )


MISTAKE = Mistake(
    "training_mode",
    "Evaluating in training mode",
    "Dropout still drops and batch normalisation still uses the batch, because nobody called model.eval(); on the "
    "other side the mode is an argument, and right.",
    (
        Thread(
            "microsoft/robustdg",
            30,
            "Accuracies during training and from a script for evaluation differed: the former were taken without "
            "model.eval().",
        ),
        Thread(
            "udacity/deep-learning-v2-pytorch",
            3,
            "A course's notebooks evaluated networks with dropout in training mode; the author had overlooked it.",
        ),
    ),
    "This network has no layer that has modes, so the mistake cannot be made with it. The ladder would see it all the "
    "same: predictions and log-probabilities are compared with the oracle's.",
    ("impls/spec/network.py", "bench/parity/rungs/prediction.py", "bench/parity/rungs/forward.py"),
    Figures,
    measure,
    tell,
)
