"""How far runs of one seed drift apart, step by step: frameworks from each other, and one from itself."""

from __future__ import annotations

import numpy as np

from bench.report.tables.table import Table
from bench.training.paired import PairedAccuracy, Series

STEPS = [1, 10, 20, 50, 100, 200, 500]
TITLE = "Do the frameworks differ more than one of them differs from itself?"
READING = f"""*{TITLE}* Each figure there is the median over seeds of the largest relative difference between the
losses of two runs from one seed, up to that step of the first epoch. Differences stay near rounding until a pooling
window or a ReLU that hangs on a rounding error is decided otherwise; from there on they grow. The twin differs by
rounding at its start alone, another framework at every step, so it may come to that point sooner. The ladder's
trajectory leaves such images out."""


def drift_table(found: PairedAccuracy) -> Table | None:
    """The difference from the baseline up to some steps, the baseline's twin first; None where there is no pair."""
    rows, steps = [], STEPS
    for series in (found.twin, *found.others):
        if apart := _apart(series, found.baseline):
            steps = [step for step in steps if step <= min(len(one) for one in apart)]
            rows.append((f"{series.title} from {found.baseline.title}", apart))
    if not rows:
        return None
    header = ["up to step", *map(str, steps)]
    return Table(
        header, [[title, *(_text([one[step - 1] for one in apart]) for step in steps)] for title, apart in rows]
    )


def _apart(series: Series, baseline: Series) -> list[np.ndarray]:
    """For each seed that both have, (steps,): the largest relative difference so far."""
    pairs = [(run, baseline.runs[seed]) for seed, run in sorted(series.runs.items()) if seed in baseline.runs]
    return [np.maximum.accumulate(np.abs(np.divide(a.first_epoch_losses, b.first_epoch_losses) - 1)) for a, b in pairs]


def _text(values: list[float]) -> str:
    middle = float(np.median(values))
    return f"{middle:.0e}" if middle else "0"
