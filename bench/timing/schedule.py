"""The schedule of a run: block after block, and what all of them together say of a variant."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial
from statistics import fmean
from typing import Any

from bench.base.settings import PLAIN_LOOP, Settings, idiomatic
from bench.stats import stopping
from bench.stats.ratio import Ratio, paired_ratio
from bench.timing import block
from bench.timing.block import Block, Course, Say
from bench.timing.same_work import SameWork
from bench.timing.time_left import TimeLeft
from impls.data import Split
from impls.errors import LenetError
from impls.registry import Choice


class Schedule:
    """The blocks of a run, those that an interrupted run left among them.

    Args:
        blocks: that are there already; more are added to this very list.

    Attributes:
        blocks: all of them, in order.
    """

    def __init__(self, blocks: list[Block] | None = None) -> None:
        self.blocks = [] if blocks is None else blocks
        self._most: int | None = None  # blocks, where a variant may leave before the last

    def run(
        self,
        choices: list[Choice],
        settings: Settings,
        train: Split,
        *,
        say: Say,
        on_block: Callable[[], None],
        same_work: SameWork | None = None,
    ) -> None:
        """Measure the blocks that are missing.

        A variant that failed in one is left out of the next, and so is one whose ratios are known
        (`Settings.stops_early`). What it is compared with stays for as long as any other needs it.

        Args:
            choices: the variants.
            settings: of the run.
            train: the training split.
            say: told what is going on.
            on_block: called after every block, to keep it.
            same_work: compares what a block trained; None compares nothing.
        """
        if same_work and len(self.blocks) < settings.blocks:
            same_work.prepare(say)
        self._most = settings.blocks if settings.stops_early else None
        left = TimeLeft(settings.blocks)
        for number in range(len(self.blocks), settings.blocks):
            wanted = self._wanted(choices, settings)
            if not wanted:
                return
            left.begin(number)
            say_where = partial(_say_where, say, f"block {number + 1} of {settings.blocks}", left)
            measured = block.measure(number, wanted, settings, train, say_where)
            if same_work:
                same_work.judge(measured, say_where)
            self.blocks.append(measured)
            on_block()

    def _wanted(self, choices: list[Choice], settings: Settings) -> list[Choice]:
        """The variants that the next block needs, in order."""
        sound = [choice for choice in choices if not self.error(choice.label)]
        if not settings.stops_early:
            return sound
        labels = [choice.label for choice in sound]
        references = {label: [r for r in references_of(label, settings) if r in labels] for label in labels}
        compared_with = {other for others in references.values() for other in others}
        unknown = {
            choice.label
            for choice in sound
            if not (choice.slow_reason(settings.device) and self.blocks)  # it has had its only block
            and not all(self._known(choice.label, other) for other in references[choice.label])
        }
        unknown |= {label for label in labels if not references[label] and label not in compared_with}
        needed = unknown | {other for label in unknown for other in references[label]}
        return [choice for choice in sound if choice.label in needed]

    def _known(self, label: str, other: str) -> bool:
        """Whether the ratio of two variants' epochs needs no further block."""
        logs: dict[int, list[float]] = {}
        for a, b, number in self._pairs(label, other, "epoch_seconds"):
            logs.setdefault(number, []).append(math.log(a / b))
        return stopping.known([fmean(each) for each in logs.values()])

    def stopped_early(self, label: str) -> bool:
        """Whether a variant left, or the run ended, after blocks that were enough and before the last one."""
        return self._most is not None and stopping.FEWEST <= len(self.courses(label)) < self._most

    def courses(self, label: str) -> dict[int, Course]:
        """A variant's courses by block, those that came to their end."""
        return {
            number: b.courses[label]
            for number, b in enumerate(self.blocks)
            if label in b.courses and not b.courses[label].lost
        }

    def error(self, label: str) -> str:
        """Why a variant left the schedule; empty if it did not."""
        return next((b.courses[label].lost for b in self.blocks if label in b.courses and b.courses[label].lost), "")

    def ensure_sound(self, label: str) -> None:
        """Raise a LenetError with the reason if a variant left the schedule."""
        if error := self.error(label):
            raise LenetError(error)

    def refusal(self, label: str) -> str:
        """Why a variant's figures are refused: it trained something else than it should; empty if it did not."""
        return next(
            (b.courses[label].refusal for b in self.blocks if label in b.courses and b.courses[label].refusal), ""
        )

    def first_epochs(self, label: str) -> dict[str, Any]:
        """Figures of fresh processes, a value for each that came to the end of its first epoch.

        Raises:
            LenetError: the variant trained something else than it should, in whichever epoch.
        """
        if refusal := self.refusal(label):
            raise LenetError(refusal)
        found: dict[str, Any] = {}
        control: list[list[float]] = []
        for b in self.blocks:
            course = b.courses.get(label, Course())
            if course.first_epoch_seconds is not None:
                control.append(b.control_seconds)
                for name, seconds in {**course.start, "first_epoch_seconds": course.first_epoch_seconds}.items():
                    found.setdefault(name, []).append(seconds)
        if control and all(control):
            found["control_seconds"] = [sum(seconds) / len(seconds) for seconds in control]
            found["control"] = self.control_name
        return found

    @property
    def control_name(self) -> str:
        """The name of the control. All blocks have the same, for a run is not resumed with another."""
        return self.blocks[0].control

    def rounds(self, label: str, figure: str) -> tuple[list[float], list[int]]:
        """A figure of every round, and the block that each was in.

        Args:
            label: of the variant.
            figure: "epoch_seconds", "eval_seconds", "page_faults".
        """
        found = [(v, number) for number, course in self.courses(label).items() for v in getattr(course, figure)]
        return [value for value, _ in found], [number for _, number in found]

    def control(self, label: str, figure: str) -> list[float]:
        """The control's epoch in every round of `rounds`; empty where one is missing."""
        found: list[float] = []
        for number, course in self.courses(label).items():
            control, rounds = self.blocks[number].control_seconds, len(getattr(course, figure))
            if len(control) < rounds:
                return []
            found += control[:rounds]
        return found

    def ratio(self, label: str, other: str, figure: str) -> Ratio | None:
        """How many times as long one variant's rounds take as another's; None where they shared none.

        Its interval is wider where one of the two left early (`bench.stats.stopping`).
        """
        pairs = self._pairs(label, other, figure)
        if not pairs:
            return None
        a, b, blocks = (list(each) for each in zip(*pairs, strict=True))
        ratio = paired_ratio(a, b, blocks)
        return stopping.widened(ratio) if self.stopped_early(label) or self.stopped_early(other) else ratio

    def _pairs(self, label: str, other: str, figure: str) -> list[tuple[float, float, int]]:
        """A figure of two variants in every round that they shared, and the round's block."""
        theirs = self.courses(other)
        return [
            (x, y, number)
            for number, course in self.courses(label).items()
            for x, y in zip(getattr(course, figure), getattr(theirs.get(number, Course()), figure), strict=False)
        ]

    def work(self, label: str) -> dict[str, Any]:
        """What the comparison of the timed epochs found over all blocks: its largest share, or why there was none.

        Empty where no block was compared and none says why, as those that were stored before there was a comparison.
        """
        found = {number: course.work for number, course in self.courses(label).items() if course.work}
        compared = {number: work for number, work in found.items() if "not_compared" not in work}
        if not compared:
            return next(iter(found.values()), {})
        worst = max(compared, key=lambda number: _share(compared[number]))
        return {
            **compared[worst],
            "where": f"{compared[worst]['where']}, block {worst + 1}",
            **{name: min(work[name] for work in compared.values()) for name in ("epochs", "twins")},
            "blocks": len(compared),
        }

    def figures(self, label: str) -> dict[str, list[float]]:
        """The closing figures, a value for each block that has them."""
        found: dict[str, list[float]] = {}
        for course in self.courses(label).values():
            for name, value in course.figures.items():
                found.setdefault(name, []).append(value)
        return found

    def most(self, name: str) -> float:
        """The greatest of all variants' closing figures of a name; one at least has it."""
        return max(c.figures[name] for b in self.blocks for c in b.courses.values() if name in c.figures)

    def notes(self, label: str) -> list[str]:
        """Why figures of a variant are missing, a sentence each."""
        missing = [sentence for course in self.courses(label).values() for sentence in course.missing]
        controls = [f"there is no control: {b.control_error}" for b in self.blocks if b.control_error]
        return list(dict.fromkeys(missing + controls))


def _share(work: dict[str, Any]) -> float:
    return math.inf if work["share"] is None else float(work["share"])


def references_of(label: str, settings: Settings) -> list[str]:
    """Labels of what a variant's row is compared with."""
    return [other for other in dict.fromkeys((*settings.against, PLAIN_LOOP, idiomatic(label))) if other != label]


def _say_where(say: Say, where: str, left: TimeLeft, what: str) -> None:
    say(f"{where}, {what}{left}")
