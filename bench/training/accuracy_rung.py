"""The last rung: final accuracy over paired seeds, by an equivalence test. It costs minutes and is asked for.

Unlike the others it needs no oracle but whole training runs, of the backend and of the baseline.
"""

from __future__ import annotations

from bench.parity.verdict import DIFFERENT, EQUIVALENT, FAILED, INCONCLUSIVE, PASSED, Rung
from bench.stats.equivalence import MARGIN
from bench.training.paired import Comparison, PairedAccuracy

NAME = "accuracy"
SOURCE = f"{100 * MARGIN:.1f} points, fixed beforehand; TOST (Schuirmann 1987) on differences paired by seed"
STATUS = {EQUIVALENT: PASSED, DIFFERENT: FAILED, INCONCLUSIVE: INCONCLUSIVE}


def rung(found: PairedAccuracy, label: str, seconds: float) -> Rung:
    """The result for one variant; for the baseline itself, that of its twin.

    ``measured`` is the farther end of the 90 % interval of the mean difference, ``tolerance`` the margin, both
    fractions: the test passes just where the one lies within the other.
    """
    comparison = found.control if label == found.baseline.title else _of(found, label)
    result = comparison.equivalence
    assert result is not None  # every seed was run for both
    return Rung(
        NAME,
        STATUS[result.verdict],
        max(abs(result.interval90.low), abs(result.interval90.high)),
        result.margin,
        f"final accuracy of {comparison.title} less {found.baseline.title}'s",
        {"differences": {str(seed): value for seed, value in comparison.differences.items()}},
        result.sentence,
        failures=int(result.verdict == DIFFERENT),
        advice=["every rung below agrees: look at what changes after the first epoch"] * (result.verdict == DIFFERENT),
        seconds=seconds,
        source=SOURCE,
    )


def _of(found: PairedAccuracy, label: str) -> Comparison:
    return next(comparison for comparison in found.comparisons if comparison.title == label)
