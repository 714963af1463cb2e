"""Did a variant wait for its device at the end of its epochs? If not, the clock stopped too early."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from bench.worker.process import WorkerError

SECONDS, SHARE = 0.005, 0.02
"""What is left after `train_epoch` in every round must be longer than both, the share being that of an epoch."""
LONGEST_PAUSE = 5.0
"""Seconds."""


def ensure_waited(
    label: str, unfinished: Sequence[float], epochs: Sequence[float], usual: Callable[[float], float]
) -> None:
    """Refuse a variant after whose every epoch the device was still at work.

    Args:
        label: of the variant.
        unfinished: seconds as in `bench.worker.timed_epoch.Epoch`, of each epoch.
        epochs: seconds of each epoch.
        usual: measures `bench.worker.idle.usual_seconds` with a pause of so many seconds; asked only on suspicion.

    Raises:
        WorkerError: it does not wait.
    """
    least, allowed = min(unfinished), max(SECONDS, SHARE * min(epochs))
    if least <= allowed:
        return
    without = usual(min(least, LONGEST_PAUSE))
    if least - without > allowed:
        raise WorkerError(
            f"{label}: train_epoch returns before its device is idle: reading the parameters right after it takes "
            f"{least:.2g} s longer than reading them again, and only {max(0.0, without):.2g} s longer after one step "
            "and a pause; wait for the device at its end (impls/contract/backend.py)."
        )
