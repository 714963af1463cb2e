"""Which stored runs may stand in one table: those of one device, precision, recipe and data set, and of one code."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from bench.training import store
from bench.training.equivalent_code import same_code
from bench.training.paired import PairedAccuracy, arranged
from bench.training.run import TrainingRun


@dataclass(frozen=True)
class Section:
    """Runs on one device, under one precision and recipe, on one data set; never mixed with another's.

    Attributes:
        runs: that are shown, oldest first.
        left_out: which others there are, and why they are not shown, a sentence each.
    """

    runs: list[TrainingRun]
    left_out: list[str]

    @property
    def title(self) -> str:
        """How many seeds, on what, and what is out of the ordinary."""
        run, seeds = self.runs[0], len({run.seed for run in self.runs})
        made_up = ", made-up images" if run.made_up else ""
        counted = f"{seeds} seed{'s' if seeds > 1 else ''}"
        return f"Accuracy over {counted}: {run.device_name}, {run.precision}, recipe {run.recipe}{made_up}"

    @property
    def versions(self) -> dict[str, str]:
        """Of everything that the runs shown were made with."""
        return {package: version for run in self.runs for package, version in run.versions.items()}


def sections(results: Path) -> list[Section]:
    """What the runs under a folder of results make, real data first."""
    groups: dict[tuple[object, ...], list[TrainingRun]] = {}
    for machine, run in store.read_all(results):
        place = (run.made_up, run.device_name, run.precision, run.recipe, run.batch_size, run.data_fingerprint)
        groups.setdefault((*place, run.device, machine), []).append(run)
    return [newest(groups[key]) for key in sorted(groups)]


def newest(runs: Iterable[TrainingRun]) -> Section:
    """Of runs that differ in versions and code, the newest and those that agree with them.

    A variant's runs must all be of the same code and versions, its twin's too; and no two variants may be of different
    versions of a package, which may be Python or NumPy, that both use.
    """
    code: dict[str, str] = {}
    versions: dict[str, str] = {}
    shown: list[TrainingRun] = []
    left_out: dict[tuple[str, str], list[int]] = {}
    for run in sorted(runs, key=lambda run: run.date, reverse=True):
        clashes = [
            f"{package} {version} and not {versions[package]}"
            for package, version in sorted(run.versions.items())
            if versions.get(package, version) != version
        ]
        if not same_code(code.get(run.label, run.code), run.code, run.label, run.precision):
            clashes.append("other code")
        if clashes:
            left_out.setdefault((run.title, " and ".join(clashes)), []).append(run.seed)
            continue
        code[run.label] = run.code
        versions |= run.versions
        shown.insert(0, run)
    sentences = [
        f"Left out, because newer runs take their place in the comparison: {title}, "
        f"seed{'s' if len(seeds) > 1 else ''} {', '.join(map(str, sorted(seeds)))} ({why})."
        for (title, why), seeds in sorted(left_out.items())
    ]
    return Section(shown, sentences)


def accuracies(section: Section) -> PairedAccuracy:
    """A section's runs in series, in an order that does not depend on when they were made."""
    return arranged(sorted(section.runs, key=lambda run: (run.label, run.twin, run.date)))
