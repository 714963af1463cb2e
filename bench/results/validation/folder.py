"""Everything that is wrong with a machine's folder of results, all at once."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

from bench.base.names import mistake_in_machine
from bench.results import content as contents
from bench.results import schema
from bench.results.merge import PAGES, VISIT
from bench.results.schema import ResultsError
from bench.results.two_builds import FOLDER as BUILDS
from bench.results.two_builds import TwoBuilds
from bench.results.validation import personal, results_file, training_run, verdicts
from bench.results.validation.finding import Finding
from bench.results.validation.personal import Names
from bench.training import store
from impls.errors import LenetError

TEXTS = (".md", ".log", ".csv", ".txt")


@dataclass
class Validated:
    """What was looked at, and what was found.

    Attributes:
        results: how many results files there are.
        runs: how many stored training runs.
        findings: everything that is wrong.
    """

    results: int = 0
    runs: int = 0
    findings: list[Finding] = field(default_factory=list)


def validate(folder: Path, names: Names) -> Validated:
    """Look at every file of a machine's folder.

    Of a file that is not of its form only the first mistake in that is told, and what is personal in it.

    Args:
        folder: ``<results>/<machine>``.
        names: of people and hosts that may stand nowhere.

    Raises:
        LenetError: the folder cannot be read, or is no machine's, or this environment cannot validate.
    """
    if not schema.can_validate():
        raise LenetError("Results are validated with jsonschema, which is not installed; `pip install jsonschema`.")
    paths = _files(folder)
    work = _Work(folder, names)
    for path in paths:
        work.look(path)
    work.conclude()
    work.found.findings.sort()
    return work.found


def _files(folder: Path) -> list[Path]:
    if not folder.is_dir():
        raise LenetError(f"There is no folder {folder}; give that of a machine, <results>/<machine>.")
    try:
        inner = sorted(folder.iterdir())
        own = any(path.suffix == ".json" or path.name == store.FOLDER for path in inner)
        machines = [path for path in inner if path.is_dir() and any(path.glob("*.json"))]
        if machines and not own:
            named = ", ".join(map(str, machines))
            raise LenetError(f"{folder} is no machine's folder; give one of those in it ({named}).")
        paths = [path for path in sorted(folder.rglob("*")) if path.is_symlink() or not path.is_dir()]
        for path in paths:
            if path.is_file():
                path.open("rb").close()
    except OSError as error:
        raise LenetError(f"{error.filename or folder} cannot be read ({error.strerror}).") from error
    return paths


class _Work:
    """One folder's validation as it goes on.

    Args:
        folder: the machine's.
        names: that may stand nowhere.
    """

    def __init__(self, folder: Path, names: Names) -> None:
        self.folder, self.names, self.found = folder, names, Validated()
        self.proven: set[tuple[str, str, str]] = set()
        self.rows: list[tuple[str, list[verdicts.Placed]]] = []
        self.processors: dict[str, str] = {}
        if wrong := mistake_in_machine(folder.resolve().name):
            self.add(".", "", f"its name cannot be a machine's: {wrong}")

    def add(self, file: str, key: str, what: str) -> None:
        """Note something that is wrong."""
        self.found.findings.append(Finding(file, key, what))

    def look(self, path: Path) -> None:
        """Look at one file."""
        place = PurePosixPath(path.relative_to(self.folder).as_posix())
        name = str(place)
        for what in personal.in_text(name, self.names):
            self.add(name, "", f"its path {what}")
        if path.is_symlink():
            self.add(name, "", "is a link; put the file itself in its place")
        elif path.name in PAGES and len(place.parts) == 1:
            if path.suffix == ".md":  # a page for browsers is made of the same files
                self._text(name, path.read_bytes())
        elif path.suffix == ".json" and not path.name.startswith("."):
            self._json(place, path)
        elif path.suffix in TEXTS and place.parts[0].startswith(VISIT):
            self._text(name, path.read_bytes())
        else:
            self.add(name, "", "is no file of results; leave it out")

    def conclude(self) -> None:
        """Say what the files together lack."""
        if not self.proven:
            self.add(".", "", "no results file in it has a verdict; run `lenet-bench time` or the benchmarks")
        for name, rows in self.rows:
            for key, what in verdicts.unproven(rows, self.proven):
                self.add(name, key, what)
        first, *others = [*self.processors.items()] or [("", "")]
        for name, processor in others:
            if processor != first[1]:
                what = f"is {processor!r}, and {first[1]!r} in {first[0]}; give each machine a folder of its own"
                self.add(name, "$.machine_info.cpu", what)

    def _json(self, place: PurePosixPath, path: Path) -> None:
        name, data = str(place), path.read_bytes()
        value = _parsed(data)
        for key, what in personal.in_value(value, self.names):
            self.add(name, key, what)
        if len(place.parts) == 1:
            self._results_file(name, data)
        elif place.parts[0] == store.FOLDER:
            self._training_run(place, value)
        elif place.parts[0] == BUILDS:
            self._builds(name, path)
        elif not place.parts[0].startswith(VISIT):
            self.add(name, "", "is no file of results; leave it out")
        elif value is None:
            self.add(name, "", "is not whole JSON; delete it")

    def _results_file(self, name: str, data: bytes) -> None:
        self.found.results += 1
        if not results_file.NAME.fullmatch(name):
            self.add(name, "", "is not named after its time, as <time>.json; keep the name that it was given")
        try:
            content = contents.checked(name, data)
        except ResultsError as error:
            self.add(name, "", f"is refused: {str(error).removesuffix('.')}")
            return
        for key, what in results_file.findings(content):
            self.add(name, key, what)
        rows = results_file.rows_of(content)
        self.rows.append((name, rows))
        self.proven |= verdicts.proven(rows)
        if processor := results_file.processor(content):
            self.processors[name] = processor

    def _training_run(self, place: PurePosixPath, value: Any) -> None:
        self.found.runs += 1
        try:
            run = store.checked(value)
        except ValueError as error:
            self.add(str(place), "", f"is no training run ({error})")
            return
        for key, what in training_run.findings(place, value, run):
            self.add(str(place), key, what)

    def _builds(self, name: str, path: Path) -> None:
        try:
            found = TwoBuilds.read(path)
        except LenetError as error:
            self.add(name, "", f"is refused: {str(error).removesuffix('.')}")
            return
        if not found.complete:
            self.add(name, "$.complete", "the comparison did not come to its end; delete the file")

    def _text(self, name: str, data: bytes) -> None:
        for number, line in enumerate(data.decode(errors="replace").splitlines(), start=1):
            for what in personal.in_text(line, self.names):
                self.add(name, f"line {number}", what)


def _parsed(data: bytes) -> Any:
    """The value; None where it is not JSON, which whoever reads the file will say."""
    try:
        return json.loads(data)
    except (ValueError, RecursionError):
        return None
