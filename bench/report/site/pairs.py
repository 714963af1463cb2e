"""How many times as long one variant's epochs take as another's, for every pair of a run."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bench.results.load import Device
from bench.stats import stopping
from bench.stats.ratio import Ratio, paired_ratio

Record = dict[str, Any]


def ratio(a: Record, b: Record, planned: int | None) -> Ratio | None:
    """The ratio of two rows of one run, from the rounds that they took in turn; None where they shared no block.

    It is what the run itself would have stored (`bench.timing.schedule.Schedule.ratio`): rounds are paired within a
    block, the interval is over blocks, and it is wider where one of the two left before the last block.

    Args:
        a: row of kind "epoch".
        b: another of the same run.
        planned: blocks that the run was to have; None where nobody recorded it, and then nothing stopped early.
    """
    mine, theirs = _by_block(a), _by_block(b)
    pairs = [
        (x, y, number)
        for number, seconds in mine.items()
        for x, y in zip(seconds, theirs.get(number, []), strict=False)
    ]
    if not pairs:
        return None
    ours, others, blocks = (list(each) for each in zip(*pairs, strict=True))
    found = paired_ratio(ours, others, blocks)
    early = any(planned is not None and stopping.FEWEST <= len(each) < planned for each in (mine, theirs))
    return stopping.widened(found) if early else found


def ratios(device: Device) -> dict[str, dict[str, Ratio]]:
    """Every ratio among the timed variants of a device: first the label of the baseline, then of the variant."""
    rows = {label: device.variants[label].records["epoch"] for label in device.timed}
    planned = device.runs[-1].options.get("blocks") if device.runs else None
    found: dict[str, dict[str, Ratio]] = {}
    for base, b in rows.items():
        found[base] = {
            label: Ratio(1.0, None, None) if label == base else each
            for label, a in rows.items()
            if (each := ratio(a, b, planned)) is not None
        }
    return found


def places(found: dict[str, dict[str, Ratio]], labels: Sequence[str]) -> dict[str, tuple[int, int]]:
    """The first and the last place that each variant may have by speed: no finer than the noise.

    A variant is behind another only where the interval of their ratio excludes 1, so that two which cannot be told
    apart share their places, e.g. 2 to 3. Without an interval nothing is told apart.

    Args:
        found: what `ratios` gave.
        labels: of the variants that are ranked.
    """

    def behind(label: str, other: str) -> bool:
        each = found.get(other, {}).get(label)
        return each is not None and each.distinguishable and each.value > 1

    return {
        label: (
            1 + sum(behind(label, other) for other in labels),
            len(labels) - sum(behind(other, label) for other in labels),
        )
        for label in labels
    }


def _by_block(record: Record) -> dict[int, list[float]]:
    """Seconds of the rounds by block, in order."""
    found: dict[int, list[float]] = {}
    for seconds, number in zip(record["epoch_seconds"], record["blocks"], strict=True):
        found.setdefault(number, []).append(seconds)
    return found


def words(found: Ratio) -> str:
    """A ratio for a cell: with its 95 % interval, or in words where it cannot be told from 1."""
    if found.low is None or found.high is None:
        return "1" if found.value == 1 else f"{found.value:#.3g} (one pair)"
    interval = f"{found.low:#.3g}–{found.high:#.3g}"
    return f"{found.value:#.3g} ({interval})" if found.distinguishable else f"not distinguishable ({interval})"


def sign(found: Ratio) -> int:
    """-1 where it is surely less time, 1 where it is surely more, 0 where nothing is sure."""
    return 0 if not found.distinguishable else -1 if found.value < 1 else 1
