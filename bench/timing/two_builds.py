"""Two builds timed in the same blocks: in each, every variant is started anew in both and takes its rounds in turn.

What two runs of one program differ by, because the machine, its memory or its clock was another, is in both sides of
such a block alike, and their quotient is free of it. Two results files can only be corrected by a control.

Only the workers are of two builds. This code starts them, tells them what to train and keeps what they say. Each
worker's clock is its own build's: it runs around the backend's call and nothing else in both.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from pickle import UnpicklingError
from typing import Any

import numpy as np

from bench.base.launch import Build
from bench.base.settings import Settings
from bench.timing.block import BRIEF_ROUNDS, BRIEF_SECONDS, WARM_UP, Block, Contestant, Say
from bench.timing.trained import last_epoch
from bench.timing.waiting import ensure_waited
from bench.worker.bare_process import BareProcess
from bench.worker.variant import Subject
from impls.data import Split
from impls.errors import LenetError
from impls.registry import Choice

OLD, NEW = "old", "new"
BLOCKS, ROUNDS = 20, 3
"""By default: short blocks and many, because fresh processes differ more than the rounds of one. Where all epochs are
shorter than a second, which anything else on the machine disturbs more, a block has as many rounds as in other runs."""

TRIAL_STEPS = 2
"""Steps that every worker trains once before anything is timed, to see that it can be talked to."""

PROTOCOL_ERRORS = (AttributeError, ImportError, IndexError, KeyError, TypeError, ValueError, UnpicklingError)
"""What an answer raises that is not of the form that we know."""


@dataclass
class PairedBlock:
    """A block of both builds.

    Attributes:
        first: the build that starts first and has the first turn in the first round, "old" or "new".
        old: what was measured of the old build; the control's rounds are in `new`.
        new: likewise of the new one.
        apart: by label, the largest relative difference of the losses of any step, over all epochs; 0.0 where all
            have the same bits.
    """

    first: str
    old: Block = field(default_factory=Block)
    new: Block = field(default_factory=Block)
    apart: dict[str, float] = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        """Plain values, for JSON."""
        return {"first": self.first, OLD: self.old.as_dict(), NEW: self.new.as_dict(), "apart": self.apart}

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> PairedBlock:
        """The block that `as_dict` described; raises TypeError or KeyError for anything else."""
        return cls(values["first"], Block.from_dict(values[OLD]), Block.from_dict(values[NEW]), values["apart"])


class Seat(Contestant):
    """A variant of one build in its process, while a block lasts."""

    def __init__(self, choice: Choice, settings: Settings, build: Build) -> None:
        super().__init__(choice, settings)
        self.build = build

    @property
    def title(self) -> str:
        """Which variant of which build."""
        return f"{self.choice.label} of {self.build.name}"

    def attempt(self, act: Callable[[], None]) -> None:
        """As a contestant does; an answer of another form is an error like any other."""

        def guarded() -> None:
            try:
                act()
            except PROTOCOL_ERRORS as error:
                raise LenetError(f"{self.title}: {_in_words(error)}") from error

        super().attempt(guarded)

    def start(self) -> None:
        """A fresh process, its first epoch and its first evaluation: all that compiles."""
        self.subject = Subject(self.choice, self.settings, self.settings.recipe, build=self.build)
        names = ("import_seconds", "start_seconds", "to_device_seconds")
        self.course.start = {name: self.subject.info[name] for name in names}
        self.course.first_epoch_seconds = self.subject.epoch()
        self.trained.append(last_epoch(self.subject))
        self.subject.evaluate()

    def finish(self, *, closing: bool = False) -> None:
        """Make sure that it waited for its device; closing figures are not taken of two builds."""
        assert self.subject
        course = self.course
        ensure_waited(self.title, course.unfinished_seconds, course.epoch_seconds, self.subject.usual_read)


def tried(choices: Sequence[Choice], settings: Settings, old: Build, new: Build, say: Say) -> dict[str, dict[str, Any]]:
    """Start every variant of both builds once, before anything is timed.

    Returns:
        What the workers said when they started (`bench.worker.serve.Worker.start`), by label and "old" or "new".

    Raises:
        LenetError: a worker does not start, cannot be talked to, or has other data than the other build's.
    """
    found: dict[str, dict[str, Any]] = {}
    for choice in choices:
        for side, build in ((OLD, old), (NEW, new)):
            say(f"starting {choice.label} of {build.name} once")
            found.setdefault(choice.label, {})[side] = _tried(choice, settings, build)
        fingerprints = [info["data_fingerprint"] for info in found[choice.label].values()]
        if len(set(fingerprints)) > 1:
            raise LenetError(
                f"The two builds train on other data ({' and '.join(fingerprints)}), so their times cannot be compared."
            )
    return found


def _tried(choice: Choice, settings: Settings, build: Build) -> dict[str, Any]:
    try:
        with Subject(choice, settings, settings.recipe, build=build) as subject:
            subject.slice(TRIAL_STEPS)
            subject.evaluate()
            info = subject.info
            return {name: info[name] for name in ("variant", "versions", "code", "data_fingerprint")}
    except LenetError as error:
        raise LenetError(f"{choice.label} cannot be timed in {build.name}: {error}") from error
    except PROTOCOL_ERRORS as error:
        raise LenetError(
            f"The worker of {build.name} cannot be talked to ({_in_words(error)}); compare with a newer build, or two "
            "results files."
        ) from error


def _in_words(error: Exception) -> str:
    return " ".join(f"{type(error).__name__}: {error}".split())


def measure(
    number: int,
    choices: Sequence[Choice],
    settings: Settings,
    builds: tuple[Build, Build],
    train: Split,
    rounds: int | None,
    say: Say,
) -> PairedBlock:
    """Start every variant of both builds anew and time them all in turn, beside the control.

    Args:
        number: of the block, from 0; the old build goes first where it is even.
        choices: the variants.
        settings: of the run.
        builds: the old and the new one.
        train: the training split, for the control.
        rounds: that are timed, after one of warm-up; None for as many as the warm-up suggests.
        say: told what is going on.
    """
    block = PairedBlock(OLD if number % 2 == 0 else NEW)
    seats: list[Seat] = []
    for choice in choices:
        pair = [Seat(choice, settings, build) for build in builds]
        for seat, side in zip(pair, (block.old, block.new), strict=True):
            side.courses[choice.label] = seat.course
        seats += pair if block.first == OLD else pair[::-1]
    with contextlib.ExitStack() as stack:
        for seat in seats:
            stack.callback(seat.close)
            say(f"starting {seat.title}")
            seat.attempt(seat.start)
        bare = stack.enter_context(
            BareProcess(
                train,
                device=settings.device,
                threads=settings.threads,
                precision=settings.precision,
                timeout=settings.timeout,
            )
        )
        block.new.control = bare.control.name
        control = _Control(bare, settings.train_size // settings.recipe.batch_size, block.new)
        say("starting the control")
        control.epoch()
        _round(WARM_UP, "warm-up", seats, control, say)
        block.new.control_seconds.clear()
        for seat in seats:
            seat.forget_rounds()
        count = rounds or _rounds_of(seats)
        for turn in range(count):
            _round(turn, f"round {turn + 1} of {count}", seats, control, say)
        for seat in seats:
            say(f"closing {seat.title}")
            seat.attempt(seat.finish)
    for choice in choices:
        own = [seat for seat in seats if seat.choice is choice]
        if not any(seat.course.error for seat in own):
            block.apart[choice.label] = _apart(own[0], own[1])
    return block


def _round(turn: int, name: str, seats: Sequence[Seat], control: _Control, say: Say) -> None:
    """An epoch of each and then an evaluation of each: A B, B A, A B, ... so that neither always follows the other.

    Nothing comes between the two builds of one variant, for a machine's speed changes from second to second.
    """
    turns = seats if turn % 2 == 0 else seats[::-1]
    if turn % 2 == 0:
        say(f"{name}: the control")
        control.epoch()
    for seat in turns:
        say(f"{name}: {seat.title}, an epoch")
        seat.attempt(seat.epoch)
    for seat in turns:
        say(f"{name}: {seat.title}, an evaluation")
        seat.attempt(seat.evaluate)
    if turn % 2:
        say(f"{name}: the control")
        control.epoch()


def _rounds_of(seats: Sequence[Seat]) -> int:
    longest = max((seconds for seat in seats for seconds in seat.course.warmup_epoch_seconds), default=0.0)
    return BRIEF_ROUNDS if longest < BRIEF_SECONDS else ROUNDS


class _Control:
    """The bare loop; it may fail, and is then done without."""

    def __init__(self, bare: BareProcess, steps: int, block: Block) -> None:
        self.bare, self.steps, self.block = bare, steps, block

    def epoch(self) -> None:
        if self.block.control_error:
            return
        try:
            self.block.control_seconds.append(self.bare.train(self.steps))
        except LenetError as error:
            self.block.control_error = str(error)
            self.block.control_seconds.clear()


def _apart(one: Seat, other: Seat) -> float:
    """The largest relative difference of the losses of two courses from the same start."""
    pairs = [(a.losses, b.losses) for a, b in zip(one.trained, other.trained, strict=True)]
    with np.errstate(divide="ignore", invalid="ignore"):
        found = max(float(np.max(np.abs(a.astype(float) / b.astype(float) - 1))) for a, b in pairs)
    return found if np.isfinite(found) else float(np.finfo(float).max)


def run(
    choices: Sequence[Choice],
    settings: Settings,
    builds: tuple[Build, Build],
    train: Split,
    *,
    rounds: int | None,
    say: Say,
    on_block: Callable[[PairedBlock], None],
) -> list[PairedBlock]:
    """Measure all blocks of the settings. A variant that fails in one, in either build, is left out of the next.

    Args:
        choices: the variants.
        settings: of the run.
        builds: the old and the new one.
        train: the training split.
        rounds: of every block; None for as many as its warm-up suggests.
        say: told what is going on.
        on_block: given every block, to keep it.
    """
    blocks: list[PairedBlock] = []
    for number in range(settings.blocks):
        sound = [choice for choice in choices if not lost(blocks, choice.label)]
        if not sound:
            break
        where = partial(_say_where, say, f"block {number + 1} of {settings.blocks}")
        blocks.append(measure(number, sound, settings, builds, train, rounds, where))
        on_block(blocks[-1])
    return blocks


def lost(blocks: Sequence[PairedBlock], label: str) -> str:
    """Why a variant left the blocks; empty if it did not."""
    courses = (side.courses.get(label) for block in blocks for side in (block.old, block.new))
    return next((course.lost for course in courses if course and course.lost), "")


def _say_where(say: Say, where: str, what: str) -> None:
    say(f"{where}, {what}")
