"""The lecture's claims, each held against what was measured.

A verdict follows from a rule that is written down where it is reached, and in the page's text; it is nobody's
impression.
"""

from __future__ import annotations

from collections.abc import Callable

from bench.lecture.claims import (
    confusion,
    eighty_percent,
    first_epoch,
    halving,
    monotonic,
    size,
    tenth_epoch,
    thousand_epochs,
    time,
    weights,
)
from bench.lecture.claims.finding import Finding
from bench.lecture.evidence import Evidence

CLAIMS: tuple[Callable[[Evidence], Finding], ...] = (
    size.colour,
    time.epoch,
    time.total,
    first_epoch.after_the_first_epoch,
    tenth_epoch.after_the_tenth,
    monotonic.loss,
    monotonic.accuracy,
    confusion.similar,
    confusion.better_than_a_guess,
    eighty_percent.after_a_hundred,
    thousand_epochs.accuracy,
    thousand_epochs.training_loss,
    thousand_epochs.test_loss,
    halving.helps,
    monotonic.halving,
    weights.change,
)
"""In the order in which the lecture comes to them."""


def audit(evidence: Evidence) -> list[Finding]:
    """What became of every claim."""
    return [claim(evidence) for claim in CLAIMS]
