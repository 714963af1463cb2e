"""What became slower or faster from one run to another, and what cannot be said: two runs to a comparison."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from bench.base import environment
from bench.results.load import Run
from bench.stats.change import MEASURES, NOT_JUDGED, Figure, figure, repeats_of, with_verdicts
from bench.worker.control import PYTORCH
from impls.errors import LenetError

FINGERPRINT = ("device_name", "device", "precision", "threads", "batch_size", "data_fingerprint", "quick", "seed")
"""What two runs must share to be compared, beside the versions of what both measured."""


@dataclass(frozen=True)
class Comparison:
    """What two runs say of each other.

    Attributes:
        old: the run compared with.
        new: the run that is judged.
        figures: every time of a row that both runs have, judged or not.
        repeated: how many repeated runs of one commit say what chance alone does on this machine.
        only_old: rows that only the old run has, by label and kind.
        only_new: rows that only the new run has, likewise.
        verdict_changed: rows of both whose verdict of the parity ladder is not the same, likewise.
    """

    old: Run
    new: Run
    figures: list[Figure]
    repeated: int
    only_old: list[tuple[str, str]]
    only_new: list[tuple[str, str]]
    verdict_changed: list[tuple[str, str]]

    @property
    def judged(self) -> list[Figure]:
        """The figures that were tested: the family that the level holds for."""
        return [figure for figure in self.figures if figure.verdict != NOT_JUDGED]

    @property
    def control(self) -> float | None:
        """How many times as long the control took in the new run: the machine's own change; None without one."""
        old, new = (
            [seconds for record in run.records for seconds in record.get("control_seconds", [])]
            for run in (self.old, self.new)
        )
        return median(new) / median(old) if old and new and min(old) > 0 else None


def compare(old: Run, new: Run, repeats: Sequence[Run] = ()) -> Comparison:
    """Judge every time that both runs have.

    Args:
        old: the run compared with.
        new: the run that is judged.
        repeats: runs of one commit on this machine (`bench.results.repeats`); without them nothing is judged.

    Raises:
        LenetError: a run has no rows, or they were not made under the same conditions.
    """
    for run in (old, new):
        if not run.records:
            raise LenetError(f"{run.path} has no finished measurement; give a results file that has.")
    if differing := differences(old, new):
        raise LenetError(
            f"{old.path} and {new.path} cannot be compared, for they differ in {', '.join(differing)}; "
            "measure both under the same conditions."
        )
    then, now = old.rows, new.rows

    def repeated(key: tuple[str, str]) -> list[Run]:
        return [run for run in repeats if key in run.rows]

    shared = [key for key in then if key in now]
    figures = [
        figure(label, measure, then[key], now[key], repeats_of(measure, [run.rows[key] for run in repeated(key)]))
        for label in dict.fromkeys(label for label, _ in shared)
        for measure in MEASURES
        if (key := (label, measure.kind)) in shared and measure.key in then[key].keys() | now[key].keys()
    ]
    return Comparison(
        old,
        new,
        with_verdicts(figures),
        len(repeats),
        only_old=[key for key in then if key not in now],
        only_new=[key for key in now if key not in then],
        verdict_changed=[key for key in shared if then[key]["verdict"] != now[key]["verdict"]],
    )


def environment_unknown(old: Run, new: Run) -> list[str]:
    """Which runs, "old" or "new", have a row whose environment variables were not recorded."""
    return [
        which for which, run in (("old", old), ("new", new)) if any("environment" not in row for row in run.records)
    ]


def differences(old: Run, new: Run) -> list[str]:
    """In what two runs were not made alike, with both values, e.g. "threads (2 and 4)"."""
    found = []
    for name in FINGERPRINT:
        before, after = (" or ".join(dict.fromkeys(str(row.get(name)) for row in run.records)) for run in (old, new))
        if before != after:
            found.append(f"{name} ({before} and {after})")
    before, after = (_controls(run) for run in (old, new))
    if before and after and before != after:
        found.append(f"control ({before} and {after})")
    if old.driver != new.driver:
        found.append(f"gpu_driver ({old.driver} and {new.driver})")
    then, now = ({label: row["versions"] for (label, _), row in run.rows.items()} for run in (old, new))
    for key in (key for key in old.rows if key in new.rows):
        earlier, later = (run.rows[key].get("environment") for run in (old, new))
        if earlier is not None and later is not None:
            found += [f"the environment's {each}" for each in environment.differences(earlier, later)]
    for label in (label for label in then if label in now):
        for package in sorted(then[label].keys() | now[label].keys()):
            before, after = (versions[label].get(package, "not recorded") for versions in (then, now))
            if before != after:
                found.append(f"{package} ({before} and {after})")
    return list(dict.fromkeys(found))  # variants share Python and NumPy


def _controls(run: Run) -> str:
    """Which control a run's times were measured beside; empty where there was none."""
    controls = [row.get("control", PYTORCH.name) for row in run.records if "control_seconds" in row]
    return " or ".join(dict.fromkeys(controls))
