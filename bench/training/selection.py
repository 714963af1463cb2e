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


def sections(results: Path, machine: str | None = None) -> list[Section]:
    """What the runs under a folder of results make, or those of one machine in there, real data first."""
    groups: dict[tuple[object, ...], list[TrainingRun]] = {}
    for folder, run in store.read_all(results, machine):
        place = (run.made_up, run.device_name, run.precision, run.recipe, run.batch_size, run.data_fingerprint)
        groups.setdefault((*place, run.device, folder), []).append(run)
    return [largest(groups[key]) for key in sorted(groups)]


def largest(runs: Iterable[TrainingRun]) -> Section:
    """Of runs that differ in versions and code, the most that may stand beside one another.

    A variant's runs must all be of the same code and versions, its twin's too; and no two variants may be of different
    versions of a package, which may be Python or NumPy, that both use. Of two sets with as many runs, the newer is
    taken. Several runs of one variant and seed count once.
    """
    given = sorted(runs, key=lambda run: run.date)
    alike = {tuple(sorted(run.versions.items())): run.versions for run in given}
    sets = [_with_versions(given, versions) for versions in _consistent(list(alike.values()))]
    shown = max(sets, key=lambda found: (_count(found), [run.date for run in found][::-1]))
    left_out: dict[tuple[str, str], list[int]] = {}
    for run in given:
        if run not in shown:
            left_out.setdefault((run.title, _clash(run, shown)), []).append(run.seed)
    sentences = [
        f"Left out, for the table shows the largest set of runs that may be compared: {title}, "
        f"seed{'s' if len(seeds) > 1 else ''} {', '.join(map(str, sorted(seeds)))} ({why})."
        for (title, why), seeds in sorted(left_out.items())
    ]
    return Section(shown, sentences)


def _consistent(found: list[dict[str, str]]) -> list[list[dict[str, str]]]:
    """Every greatest set of versions of which no two disagree about a package (Bron and Kerbosch, 1973)."""
    neighbours = {
        a: {b for b, theirs in enumerate(found) if b != a and _agree(found[a], theirs)} for a in range(len(found))
    }
    cliques: list[list[dict[str, str]]] = []

    def grow(chosen: set[int], waiting: set[int], seen: set[int]) -> None:
        if not waiting and not seen:
            cliques.append([found[index] for index in sorted(chosen)])
        while waiting:
            index = waiting.pop()
            near = neighbours[index]
            grow(chosen | {index}, waiting & near, seen & near)
            seen = seen | {index}

    grow(set(), set(range(len(found))), set())
    return cliques


def _agree(a: dict[str, str], b: dict[str, str]) -> bool:
    return all(b.get(package, version) == version for package, version in a.items())


def _with_versions(runs: list[TrainingRun], allowed: list[dict[str, str]]) -> list[TrainingRun]:
    """Of the runs with these versions, for every variant those of the code of which there are the most."""
    groups: dict[str, list[list[TrainingRun]]] = {}  # by label, one list for each code and versions
    for run in runs:
        if run.versions in allowed:
            own = groups.setdefault(run.label, [])
            group = next((each for each in own if _same(each[0], run)), None)
            if group is None:
                own.append([run])
            else:
                group.append(run)
    chosen = [max(own, key=lambda group: (_count(group), group[-1].date)) for own in groups.values()]
    return sorted((run for group in reversed(chosen) for run in group), key=lambda run: run.date)


def _same(a: TrainingRun, b: TrainingRun) -> bool:
    return a.versions == b.versions and same_code(a.code, b.code, a.label, a.precision)


def _count(runs: list[TrainingRun]) -> int:
    return len({(run.label, run.twin, run.seed) for run in runs})


def _clash(run: TrainingRun, shown: list[TrainingRun]) -> str:
    """Why a run may not stand beside those that are shown, e.g. "torch 2.14.1 and not 2.15.0"."""
    clashes: dict[str, None] = {}
    for other in shown:
        for package, version in sorted(run.versions.items()):
            if other.versions.get(package, version) != version:
                clashes[f"{package} {version} and not {other.versions[package]}"] = None
        if other.label == run.label and not same_code(other.code, run.code, run.label, run.precision):
            clashes["other code"] = None
    return " and ".join(clashes) or "other packages"


def accuracies(section: Section) -> PairedAccuracy:
    """A section's runs in series, in an order that does not depend on when they were made."""
    return arranged(sorted(section.runs, key=lambda run: (run.label, run.twin, run.date)))
