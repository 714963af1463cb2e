"""What common mistakes would give: the oracle with one thing changed.

Used only after a rung has failed. A backend that agrees with one of these has made that mistake, which says more than
how far off it is.
"""

from bench.parity.mistakes.adam import adam, memory
from bench.parity.mistakes.calls import between_calls, trained
from bench.parity.mistakes.explain import matching, precision_of
from bench.parity.mistakes.forward import forward
from bench.parity.mistakes.log_softmax import ended
from bench.parity.mistakes.loss import Batch, losses
from bench.parity.mistakes.steps import in_training, instead_of_losses
from bench.parity.mistakes.ties import tie_rules

__all__ = [
    "Batch",
    "adam",
    "between_calls",
    "ended",
    "forward",
    "in_training",
    "instead_of_losses",
    "losses",
    "matching",
    "memory",
    "precision_of",
    "tie_rules",
    "trained",
]
