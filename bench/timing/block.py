"""A block: every variant in a fresh process, timed in turn with all the others on the same minutes of the machine.

Two processes of one program differ: where memory came to lie makes some 2 % of an epoch, as measured on a CPU, and no
number of rounds within a process shows it. So a comparison needs several processes of either side, and a block is one
of each (a randomised block design; pyperf starts several processes for the same reason).
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field, replace
from functools import partial
from typing import Any

from bench.base.settings import Settings
from bench.timing.trained import Trained, last_epoch
from bench.timing.waiting import ensure_waited
from bench.worker.bare_process import BareProcess
from bench.worker.control import PYTORCH
from bench.worker.variant import Subject
from impls.data import Split
from impls.errors import LenetError
from impls.registry import Choice

ROUNDS, QUICK_ROUNDS = 2, 3
WARM_UP = -1
"""Number of the round that does not count."""
BRIEF_SECONDS, BRIEF_ROUNDS = 1.0, 10
"""Where all epochs are shorter than this, so many rounds are run instead."""
CLOSING_BLOCKS = 2
"""Blocks, from the first, in which the closing figures are taken: they have no interval, and cost an epoch and more."""

Say = Callable[[str], None]


@dataclass
class Course:
    """One variant's way through a block, in plain values; seconds but for what says otherwise.

    Attributes:
        start: ``import_seconds``, ``start_seconds``, ``to_device_seconds``.
        first_epoch_seconds: compilation and all; None if it did not come so far.
        warmup_epoch_seconds: of the second epoch, which does not count either: on a CPU it is up to a tenth longer than
            those that follow, and the evaluation beside it twice as long. It is much longer where something is
            compiled again in it.
        epoch_seconds: of the steady epochs, one a round.
        warmup_eval_seconds: of the second evaluation, likewise.
        eval_seconds: of classifying the test split, one a round.
        page_faults: of the process in each of these epochs.
        unfinished_seconds: as in `bench.worker.timed_epoch.Epoch`, of each of these epochs.
        figures: `bench.worker.side_measurements`, of the first `CLOSING_BLOCKS` blocks.
        missing: why some of them are not there, a sentence each.
        work: what the comparison of its epochs with the baseline's found (`bench.timing.same_work`); empty where none
            was made, as in blocks that were stored before there was one.
        refusal: why its figures are refused though it came to the end: it trained something else; empty if it did not.
        error: why it left the block before the end; empty if it did not.
    """

    start: dict[str, float] = field(default_factory=dict)
    first_epoch_seconds: float | None = None
    warmup_epoch_seconds: list[float] = field(default_factory=list)
    epoch_seconds: list[float] = field(default_factory=list)
    eval_seconds: list[float] = field(default_factory=list)
    page_faults: list[int] = field(default_factory=list)
    unfinished_seconds: list[float] = field(default_factory=list)
    figures: dict[str, float] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)
    error: str = ""
    warmup_eval_seconds: list[float] = field(default_factory=list)
    work: dict[str, Any] = field(default_factory=dict)
    refusal: str = ""

    @property
    def lost(self) -> str:
        """Why its figures are not shown; empty if they are."""
        return self.error or self.refusal


@dataclass
class Block:
    """What a block measured.

    Attributes:
        courses: by the variant's label.
        control_seconds: of the bare loop's epoch in every round; empty where it could not be run.
        control_error: why.
        control: name of the control, as in `bench.worker.control`.
        trained: what every epoch of a variant did, by its label, until it is compared; never stored.
    """

    courses: dict[str, Course] = field(default_factory=dict)
    control_seconds: list[float] = field(default_factory=list)
    control_error: str = ""
    control: str = PYTORCH.name
    trained: dict[str, list[Trained]] = field(default_factory=dict, compare=False, repr=False)

    def as_dict(self) -> dict[str, Any]:
        """Plain values, for JSON."""
        plain = asdict(replace(self, trained={}))
        del plain["trained"]
        return plain

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> Block:
        """The block that `as_dict` described; raises TypeError or KeyError for anything else."""
        courses = {label: Course(**course) for label, course in values["courses"].items()}
        return cls(**{**values, "courses": courses})


class Contestant:
    """A variant in its process, while a block lasts; after an error it takes no further part."""

    def __init__(self, choice: Choice, settings: Settings) -> None:
        self.choice, self.course, self.settings = choice, Course(), settings
        self.slow = choice.slow_reason(settings.device) is not None
        self.trained: list[Trained] = []
        self.subject: Subject | None = None

    def attempt(self, act: Callable[[], None]) -> None:
        """Do something unless it has failed before; keep the reason if it fails now."""
        if self.course.error:
            return
        try:
            act()
        except LenetError as error:
            self.course.error = str(error)
            self.close()

    def start(self) -> None:
        """A fresh process, its first epoch and its first evaluation: all that compiles."""
        self.subject = Subject(self.choice, self.settings, self.settings.recipe)
        names = ("import_seconds", "start_seconds", "to_device_seconds")
        self.course.start = {name: self.subject.info[name] for name in names}
        self.course.first_epoch_seconds = self.subject.epoch()
        self.trained.append(last_epoch(self.subject))
        self.subject.evaluate()

    def epoch(self) -> None:
        """One timed epoch."""
        assert self.subject
        seconds, last = self.subject.epoch(), self.subject.last
        assert last
        self.course.epoch_seconds.append(seconds)
        self.course.page_faults.append(last.page_faults)
        self.course.unfinished_seconds.append(last.unfinished_seconds)
        self.trained.append(last_epoch(self.subject))

    def evaluate(self) -> None:
        """One timed evaluation."""
        assert self.subject
        self.course.eval_seconds.append(float(self.subject.evaluate()[0]))

    def forget_rounds(self) -> None:
        """What was timed so far was a warm-up."""
        course = self.course
        course.warmup_epoch_seconds += course.epoch_seconds
        course.warmup_eval_seconds += course.eval_seconds
        for figures in (course.epoch_seconds, course.eval_seconds, course.page_faults, course.unfinished_seconds):
            figures.clear()

    def finish(self, *, closing: bool) -> None:
        """Whether it waited for its device; and the figures that are taken last, where they are wanted."""
        assert self.subject
        course = self.course
        ensure_waited(self.choice.label, course.unfinished_seconds, course.epoch_seconds, self.subject.usual_read)
        if closing:
            self.course.figures, self.course.missing = self.subject.closing_figures()

    def close(self) -> None:
        """End its process."""
        if self.subject:
            self.subject.close()


def measure(number: int, choices: list[Choice], settings: Settings, train: Split, say: Say) -> Block:
    """Start every variant anew and time it in turn with the others.

    Args:
        number: of the block, from 0; a variant known to be slow takes part in the first alone, for one round.
        choices: the variants.
        settings: of the run.
        train: the training split, for the control.
        say: told what is going on.
    """
    block = Block()
    contestants = [c for choice in choices if not (c := Contestant(choice, settings)).slow or number == 0]
    block.courses = {c.choice.label: c.course for c in contestants}
    block.trained = {c.choice.label: c.trained for c in contestants}
    with contextlib.ExitStack() as stack:
        for contestant in contestants:
            stack.callback(contestant.close)
            say(f"starting {contestant.choice.label}")
            contestant.attempt(contestant.start)
        bare = stack.enter_context(
            BareProcess(
                train,
                device=settings.device,
                threads=settings.threads,
                precision=settings.precision,
                timeout=settings.timeout,
            )
        )
        block.control = bare.control.name
        with _noting(block):
            say("starting the bare loop")
            bare.train(settings.train_size // settings.recipe.batch_size)
        _rounds(contestants, bare, block, settings, say)
        for contestant in contestants:
            closing = number < CLOSING_BLOCKS
            say(f"{'closing figures' if closing else 'end'} of {contestant.choice.label}")
            contestant.attempt(partial(contestant.finish, closing=closing))
            contestant.close()  # frameworks keep the gigabytes of the ceilings, which the next one may need
    return block


def _rounds(contestants: list[Contestant], bare: BareProcess, block: Block, settings: Settings, say: Say) -> None:
    """Time an epoch and an evaluation of each in turn: A B, B A, A B, ... so that neither always follows the other."""
    steps = settings.train_size // settings.recipe.batch_size

    def round_of(number: int) -> None:
        turn = [None, *(c for c in contestants if not c.course.error and (number == 0 or not c.slow))]
        name = "warm-up" if number == WARM_UP else f"round {number + 1}"
        for contestant in turn if number % 2 == 0 else reversed(turn):
            say(f"{name}: {contestant.choice.label if contestant else 'the bare loop'}")
            if contestant:
                contestant.attempt(contestant.epoch)
                contestant.attempt(contestant.evaluate)
            else:
                with _noting(block):
                    block.control_seconds.append(bare.train(steps))

    round_of(WARM_UP)
    block.control_seconds.clear()
    for contestant in contestants:
        contestant.forget_rounds()
    warmups = [seconds for contestant in contestants for seconds in contestant.course.warmup_epoch_seconds]
    for number in range(rounds_of(max(warmups, default=0.0), quick=settings.quick)):
        round_of(number)


def rounds_of(longest: float, *, quick: bool) -> int:
    """How many rounds a block has whose longest epoch takes so many seconds."""
    return BRIEF_ROUNDS if longest < BRIEF_SECONDS else QUICK_ROUNDS if quick else ROUNDS


@contextlib.contextmanager
def _noting(block: Block) -> Iterator[None]:
    """Note why the control fails, and do without it."""
    try:
        yield
    except LenetError as error:
        block.control_error = str(error)
