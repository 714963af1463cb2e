"""Did the timed epochs train what they should? Compared after each block, outside every clock.

The ladder checks a backend before it is timed. It does not see what a backend does only where whole epochs are asked
for, or only after some of them. So every epoch of a block is compared with that of a baseline that the ladder found
equivalent: the loss of each step, and the parameters after the last. All start from the same initial parameters and
follow the same order. A variant that trained something else loses its rows. Where the ladder has called it different
already, it keeps them: they say so themselves.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from bench.base.settings import Settings, usual_baseline
from bench.parity import noise
from bench.parity.verdict import DIFFERENT, finite
from bench.timing.block import Block, Course, Say, rounds_of
from bench.timing.standard import Standard, nudged_bits
from bench.timing.trained import Trained, last_epoch
from bench.worker.agreement import Agreements
from bench.worker.kept_verdict import ensure_equivalent
from bench.worker.variant import Subject
from impls import registry
from impls.errors import LenetError
from impls.spec import initial_params

SLOW_SECONDS = 10.0
"""Where an epoch of the baseline takes longer than this, nothing is compared."""
BUDGET_SECONDS = 100.0
"""How long the epochs of the baseline and of its twins may take together, in a run."""
TWINS, FEWEST_TWINS = 3, 2
NOT_COUNTED = 2
"""Epochs of a block before its rounds."""


class SameWork:
    """The comparison of a run's timed epochs with its baseline's.

    The baseline is the usual one, whatever ``--against`` names: what that is compared with must be right itself. Where
    it does not run on the run's device it trains on the CPU.

    Args:
        settings: of the run.
        agreements: of the run.
    """

    def __init__(self, settings: Settings, agreements: Agreements) -> None:
        self.choice = registry.choices(usual_baseline())[0]
        known = registry.devices_of(self.choice)
        elsewhere = known and settings.device not in known
        self.settings = replace(settings, device="cpu") if elsewhere else settings
        self._agreements = Agreements(self.settings) if elsewhere else agreements
        self._verdict = agreements.verdict
        self._standard: Standard | None = None
        self._not_compared = ""
        self._seconds_left = BUDGET_SECONDS
        self._seconds = 0.0

    def prepare(self, say: Say) -> None:
        """Train the baseline and its twins, before anything is timed; where that fails, the reason is kept."""
        say = _prefixed(say, self.choice.label)
        try:
            say("the ladder")
            ensure_equivalent(self.choice, self._agreements)
            self._standard = self._train(0, say)
        except LenetError as error:
            self._not_compared = str(error).rstrip(".")

    def judge(self, block: Block, say: Say) -> None:
        """Compare what a block trained, and note on each of its courses what came out."""
        longest = max(map(len, block.trained.values()), default=0)
        if self._standard and affordable(longest, self._seconds, self._seconds_left)[0] > self._standard.epochs:
            try:
                self._standard = self._train(longest, _prefixed(say, self.choice.label))
            except LenetError:  # what there is remains good
                self._seconds_left = 0.0
        for label, training in block.trained.items():
            if training:
                self._note(block.courses[label], label, training)
        block.trained.clear()

    def _note(self, course: Course, label: str, training: list[Trained]) -> None:
        standard = self._standard
        if standard is None:
            course.work = {"not_compared": self._not_compared}
            return
        found = standard.compare(training)
        course.work = {
            "baseline": standard.baseline,
            "twins": standard.twins,
            "epochs": found.epochs,
            "trained": len(training),
            "share": finite(found.share),
            "where": found.where,
        }
        if found.difference and self._verdict(label) != DIFFERENT:
            course.refusal = (
                f"{label}: its timed epochs do not train what {standard.baseline} trains, so its rows are refused: "
                f"{found.difference}."
            )

    def _train(self, epochs: int, say: Say) -> Standard:
        """Train the baseline and its twins for so many epochs, or fewer where time is short; 0 for a block's number."""
        settings = self.settings
        params = initial_params(settings.seed, settings.recipe.initial)
        with Subject(self.choice, settings, settings.recipe) as subject:

            def train(run: list[Trained], until: int, who: str) -> None:
                while len(run) < until:
                    say(f"{who}, epoch {len(run) + 1}")
                    self._seconds = subject.epoch()
                    self._seconds_left -= self._seconds
                    run.append(last_epoch(subject))

            first: list[Trained] = []
            train(first, NOT_COUNTED, "from the initial parameters")
            _ensure_fast(self.choice.label, self._seconds)
            wanted = epochs or NOT_COUNTED + rounds_of(self._seconds, quick=settings.quick)
            epochs, twins = affordable(wanted, self._seconds, self._seconds_left, done=NOT_COUNTED)
            train(first, epochs, "from the initial parameters")
            runs = [first[:epochs]]
            for number in range(1, twins + 1):
                rng = np.random.default_rng([settings.seed, number])
                subject.start_from(noise.nudged(params, rng, nudged_bits(settings.precision)))
                runs.append([])
                train(runs[-1], epochs, f"twin {number} of {twins}")
        return Standard(self.choice.label, runs)


def affordable(epochs: int, seconds: float, left: float, *, done: int = 0) -> tuple[int, int]:
    """How many epochs, and how many twins, the time that is left allows: first fewer twins, then fewer epochs.

    Args:
        epochs: that are wanted.
        seconds: that one takes.
        left: seconds.
        done: epochs of the first run that are there already.
    """
    for twins in range(TWINS, FEWEST_TWINS - 1, -1):
        if ((twins + 1) * epochs - done) * seconds <= left:
            return epochs, twins
    return max(1, min(epochs, int((left / seconds + done) / (FEWEST_TWINS + 1)))), FEWEST_TWINS


def _ensure_fast(name: str, seconds: float) -> None:
    if seconds > SLOW_SECONDS:
        raise LenetError(
            f"an epoch of {name} takes {seconds:.3g} s here, and timed epochs are compared with it only where that is "
            f"at most {SLOW_SECONDS:g} s"
        )


def _prefixed(say: Say, name: str) -> Say:
    return lambda what: say(f"what the timed epochs must train, by {name}: {what}")
