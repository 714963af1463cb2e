"""What mistakes are measured with: blocks of fresh processes, training runs from several seeds, stored results."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from functools import cached_property

from bench.base.settings import Settings
from bench.base.splits import splits
from bench.lecture.evidence import Evidence, gather
from bench.report.pages import read_runs
from bench.results.load import Device, devices
from bench.stats.ratio import Ratio, paired_ratio
from bench.timing import block
from bench.timing.block import Block
from bench.training.loop import train
from bench.training.run import TrainingRun
from bench.worker.agreement import Agreements
from bench.worker.variant import Subject
from impls import registry
from impls.data import Split
from impls.errors import LenetError
from impls.registry import Choice

TIMED_IMAGES = 5_000
"""Made-up images of an epoch that is timed; `make repeats` times as many."""
SEEDS = 5
"""That a planted program and the sound one are each trained from."""
SOUND = "pytorch:tuned"
"""The variant that programs are planted in where accuracies are compared: the fastest to train of PyTorch's."""
PLANTED = "examples.pitfalls"
"""The package of planted programs."""

Say = Callable[[str], None]


class Lab:
    """What is measured with.

    Args:
        settings: of the run, on a CPU; their data are those that are trained on.
        say: told what is going on.
    """

    def __init__(self, settings: Settings, say: Say) -> None:
        self.settings, self.say = settings, say
        self.timing = replace(settings, synthetic=min(TIMED_IMAGES, settings.synthetic or TIMED_IMAGES))
        self._trained: dict[str, list[TrainingRun]] = {}

    @cached_property
    def devices(self) -> list[Device]:
        """What the stored results files say."""
        return devices(read_runs(self.settings.results))

    @cached_property
    def evidence(self) -> list[Evidence]:
        """The stored training runs, of this device first."""
        found = gather(self.settings.results, self.devices)
        return sorted(found, key=lambda each: each.device != self.settings.device_name)

    @cached_property
    def _timing_split(self) -> Split:
        return splits(None, self.timing.synthetic)[0]

    @cached_property
    def _agreements(self) -> Agreements:
        return Agreements(self.timing)

    def blocks(self, names: list[str], count: int) -> list[Block]:
        """Time variants in turn, in so many blocks of fresh processes.

        Args:
            names: of the variants, as a command takes them.
            count: of blocks.

        Raises:
            LenetError: a variant was lost before it was timed.
        """
        chosen = [choice(name) for name in names]
        found = []
        for number in range(count):
            # Blocks from this number on take no closing figures.
            self.say(f"{', '.join(names)}: block {number + 1} of {count}")
            measured = block.measure(number + block.CLOSING_BLOCKS, chosen, self.timing, self._timing_split, _silently)
            for course in measured.courses.values():
                if not course.epoch_seconds:
                    raise LenetError(course.error)
            found.append(measured)
        return found

    @contextmanager
    def subjects(self, settings: Settings, *names: str) -> Iterator[list[Subject]]:
        """Variants in processes of their own, from the initial parameters on."""
        with ExitStack() as stack:
            yield [stack.enter_context(Subject(choice(name), settings, settings.recipe)) for name in names]

    def trained(self, name: str) -> list[TrainingRun]:
        """A variant trained by the lecture's recipe from `SEEDS` seeds; asked for again, it is not trained again."""
        if name not in self._trained:
            self._trained[name] = [self._train(name, seed) for seed in range(SEEDS)]
        return self._trained[name]

    def _train(self, name: str, seed: int) -> TrainingRun:
        self.say(f"training {name} from seed {seed}")
        return train(choice(name), self.settings, self.settings.recipe, seed=seed)

    def verdict(self, name: str) -> str:
        """What the ladder says of a variant, in a sentence; it climbs with made-up images.

        Raises:
            LenetError: the variant could not be checked.
        """
        self.say(f"the ladder with {name}")
        report = self._agreements.of(choice(name)).report
        assert report  # it was made just now
        causes = report.first_failed.causes + report.first_failed.advice if report.first_failed else []
        return "; ".join([report.sentence, *causes])


def choice(name: str) -> Choice:
    """The variant of this name."""
    return registry.choices(name)[0]


def block_ratio(blocks: list[Block], one: str, other: str) -> Ratio:
    """Seconds of an epoch of one variant over those of another, with the interval over blocks; by their labels."""
    a, b, numbers = [], [], []
    for number, each in enumerate(blocks):
        rounds = zip(each.courses[one].epoch_seconds, each.courses[other].epoch_seconds, strict=False)
        for first, second in rounds:
            a.append(first)
            b.append(second)
            numbers.append(number)
    return paired_ratio(a, b, numbers)


def _silently(what: str) -> None:
    """Report no progress within a block."""
