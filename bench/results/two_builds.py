"""What two builds say of each other that were timed in the same blocks, and the file that keeps it."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any

from bench.base import files
from bench.base.private import without_paths
from bench.base.settings import Settings
from bench.base.suite import stated
from bench.stats.change import MEASURES, NOT_JUDGED, Figure, Measure, paired_figure, with_verdicts
from bench.timing.block import Course
from bench.timing.two_builds import PairedBlock, lost
from impls.errors import LenetError

SCHEMA = 1
FOLDER = "builds"
"""Of these files, within a machine's folder of results."""

MEASURED = tuple(measure for measure in MEASURES if not measure.per_block)
"""What short blocks measure: all but the latencies."""


@dataclass
class TwoBuilds:
    """Two builds in the same blocks.

    Attributes:
        old: what the old build is called.
        new: what the new one is called.
        options: that both were timed under, in plain values.
        device_name: in words.
        workers: what the workers said when they started, by label and "old" or "new".
        same_code: whether all code of the suite is the same in both.
        blocks: that have been measured.
        warnings: of what would spoil the comparison, a sentence each.
        date: of its start, ISO 8601.
        complete: whether all blocks were measured.
    """

    old: str
    new: str
    options: dict[str, Any]
    device_name: str
    workers: dict[str, dict[str, dict[str, Any]]]
    same_code: bool
    blocks: list[PairedBlock] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    date: str = field(default_factory=lambda: datetime.now(UTC).isoformat(timespec="seconds"))
    complete: bool = False

    @property
    def figures(self) -> list[Figure]:
        """Every time of every variant, with its verdict."""
        labels = list(dict.fromkeys(label for block in self.blocks for label in block.new.courses))
        return with_verdicts([self._figure(label, measure) for label in labels for measure in MEASURED])

    @property
    def judged(self) -> list[Figure]:
        """The figures that were tested: the family that the level holds for."""
        return [figure for figure in self.figures if figure.verdict != NOT_JUDGED]

    @property
    def apart(self) -> dict[str, float]:
        """By label, the largest relative difference of the losses of any step in any block."""
        found: dict[str, float] = {}
        for block in self.blocks:
            for label, value in block.apart.items():
                found[label] = max(value, found.get(label, 0.0))
        return found

    @property
    def changed(self) -> list[str]:
        """Labels of the variants whose backend has other code in the two builds."""
        return [label for label, sides in self.workers.items() if sides["old"]["code"] != sides["new"]["code"]]

    @property
    def nothing_changed(self) -> bool:
        """Whether both builds are of the same code, the backends' own included."""
        return self.same_code and not self.changed

    @property
    def control(self) -> tuple[float, float] | None:
        """The control's least and greatest median of a block, seconds; None where a block has none."""
        medians = [median(block.new.control_seconds) for block in self.blocks if block.new.control_seconds]
        return (min(medians), max(medians)) if medians and len(medians) == len(self.blocks) else None

    def lost(self, label: str) -> str:
        """Why a variant left the blocks; empty if it did not."""
        return lost(self.blocks, label)

    def _figure(self, label: str, measure: Measure) -> Figure:
        pairs = [(block.old.courses.get(label), block.new.courses.get(label)) for block in self.blocks]
        sides = [(_seconds(old, measure), _seconds(new, measure)) for old, new in pairs if old and new]
        whole = [(old, new) for old, new in sides if old and new]
        return paired_figure(label, measure, [old for old, _ in whole], [new for _, new in whole])

    def write(self, path: Path) -> None:
        """Write everything so far, whole or not at all.

        Raises:
            LenetError: it cannot be written; what was written before is still there.
        """
        content = {"schema": SCHEMA, **stated(), **asdict(self)}
        content["blocks"] = [block.as_dict() for block in self.blocks]
        content["figures"] = [asdict(figure) for figure in self.figures]
        try:
            files.write(path, json.dumps(without_paths(content), indent=1, allow_nan=False) + "\n")
        except OSError as error:
            raise LenetError(
                f"{path} cannot be written ({error.strerror}); make room, or choose another place with --results."
            ) from error

    @classmethod
    def read(cls, path: Path) -> TwoBuilds:
        """A file that `write` wrote.

        Raises:
            LenetError: it is none.
        """
        try:
            content = json.loads(path.read_text())
            if content.pop("schema") != SCHEMA:
                raise ValueError("of another schema")
            for name in (*stated(), "figures"):
                del content[name]
            return cls(**{**content, "blocks": [PairedBlock.from_dict(block) for block in content["blocks"]]})
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise LenetError(f"{path} is no comparison of two builds ({error}).") from error


def path_of(settings: Settings) -> Path:
    """Where a comparison is kept: ``<results>/<machine>/builds/<time>.json``."""
    name = datetime.now(UTC).strftime("%Y-%m-%dT%H-%M-%SZ")
    return settings.results / settings.machine / FOLDER / f"{name}.json"


def _seconds(course: Course, measure: Measure) -> list[float]:
    """A time of one course; empty where its variant did not come to the end of the block."""
    if course.lost:
        return []
    if measure.key == "start_seconds":
        return [course.start[measure.key]]
    found = getattr(course, measure.key)
    return list(found) if isinstance(found, list) else [found]
