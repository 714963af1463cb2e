"""The steps of a visit, most valuable first. Each is a command that a user could also run by hand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.base.settings import BASELINE, Settings
from bench.timing.pytest_run import arguments
from bench.training.store import file_name
from impls.registry import Choice

VARIANTS = ("pytorch:lecture", "pytorch:eager", "pytorch:compile", "pytorch:cudagraph", "flax:jit", "flax:scan")
"""The variants that a visit measures by default."""

PRECISIONS = ("fp32", "tf32", "bf16")
"""The precisions that it measures by default, in this order."""

FOLDER = "visit"
"""The folder of a visit's own files, inside the machine's folder of results. For made-up images, a suffix follows."""


@dataclass(frozen=True)
class Step:
    """One command of a visit.

    Attributes:
        name: what the step is for; its log has the same name.
        command: the arguments of ``python -m``.
        resuming: extra arguments if the step was interrupted before.
        continues: whether a second start continues where the first was stopped.
        fine: exit codes that count as success. A backend that differs is a result, not a failure.
    """

    name: str
    command: tuple[str, ...]
    resuming: tuple[str, ...] = ()
    continues: bool = False
    fine: tuple[int, ...] = (0,)


def plan(
    choices: Sequence[Choice], settings: Settings, precisions: Sequence[str], *, seeds: int, data: bool
) -> list[Step]:
    """The steps of a visit in order.

    Args:
        choices: the variants to measure.
        settings: the visit's settings; its precision is ignored.
        precisions: the precisions, in the order in which they are measured.
        seeds: the number of seeds that the recipe is trained from.
        data: whether CIFAR-10 is available. Without it, made-up images are timed and nothing is trained.
    """
    steps = [Step("machine", ("bench.visit.machine", str(folder_of(settings) / "machine.json")))]
    for precision in precisions:  # one precision complete is worth more than three half done
        steps += [_check(choice, settings, precision) for choice in choices]
        steps.append(_timing(choices, settings, precision))
    steps += [_lockstep(choices, settings, precision) for precision in precisions]
    if data:
        steps += [_accuracy(choices, settings, precision, seeds) for precision in precisions]
    return [*steps, Step("tables", ("bench.cli", "report", str(settings.results / settings.machine)))]


def folder_of(settings: Settings) -> Path:
    """The folder of a visit's own files. Made-up images get another one, so that a visit with real data can follow."""
    return settings.results / settings.machine / (f"{FOLDER}-made-up" if settings.synthetic else FOLDER)


def _check(choice: Choice, settings: Settings, precision: str) -> Step:
    name = f"check-{file_name(precision)}-{file_name(choice.label)}"
    options = ("--json", str(folder_of(settings) / f"{name}.json"), "--all", *_common(settings, precision))
    # 1: the backend differs; 2 and 3: it cannot run here. These are results, and a second try would not change them.
    return Step(name, ("bench.cli", "check", choice.label, *options), fine=(0, 1, 2, 3))


def _timing(choices: Sequence[Choice], settings: Settings, precision: str) -> Step:
    backends = [option for choice in choices for option in ("--backend", choice.label)]
    common = _common(settings, precision, prefix="--worker-")
    command = ("pytest", *arguments(*backends, "--blocks", str(settings.blocks), *common))
    return Step(f"times-{file_name(precision)}", command, resuming=("--resume",), continues=True, fine=(0, 1))


def _lockstep(choices: Sequence[Choice], settings: Settings, precision: str) -> Step:
    name, labels = f"lockstep-{file_name(precision)}", [choice.label for choice in choices]
    path = str(folder_of(settings) / f"{name}.json")
    return Step(name, ("bench.visit.lockstep", path, *labels, *_common(settings, precision)), continues=True)


def _accuracy(choices: Sequence[Choice], settings: Settings, precision: str, seeds: int) -> Step:
    backends = [option for choice in choices if choice.label != BASELINE for option in ("--backend", choice.label)]
    command = ("bench.cli", "accuracy", *backends, "--seeds", str(seeds), *_common(settings, precision))
    return Step(f"accuracy-{file_name(precision)}", command, continues=True)


def _common(settings: Settings, precision: str, prefix: str = "--") -> tuple[str, ...]:
    """The options that all commands share. pytest gives the worker's limits a prefix."""
    options = ("--device", settings.device, "--precision", precision, "--threads", str(settings.threads))
    limits: tuple[str, ...] = (f"{prefix}timeout", f"{settings.timeout:g}")
    if settings.memory:
        limits += (f"{prefix}memory", f"{settings.memory / 2**30:g}")
    places = ("--results", str(settings.results), "--machine", settings.machine)
    made_up = ("--synthetic", str(settings.synthetic)) if settings.synthetic else ()
    root = ("--root", settings.root) if settings.root else ()
    return (*options, *limits, *places, *made_up, *root)
