"""The files that ``lenet-bench check`` is asked for: its findings as JSON, as a page, as a badge, and as a summary."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench.base import files
from bench.cli.summaries import Summaries
from bench.parity.known_deviations import KnownDeviations
from bench.parity.verdict import Report
from bench.report.badge import badge
from bench.report.document import to_html, to_markdown
from bench.report.parity_page import page
from bench.report.summary.check import COMMAND, of_check
from impls.errors import LenetError

ENDINGS = (".md", ".html")
"""Of a report."""

MARK = "<!-- lenet-parity:report, written by lenet-bench check -->"
"""Says that a page is a report, so that another may take its place."""


@dataclass(frozen=True)
class Outputs:
    """Where a check's findings go.

    Attributes:
        json: a file for everything found; None for none.
        reports: pages, each Markdown or HTML by its ending.
        badge: an endpoint file for shields.io; None for none.
        known: declared deviations, for the page and the summary.
        summaries: files that get the summary at their end.
        log: a file that gets every line as it comes; None for none. Whoever makes the lines writes it.
    """

    json: Path | None = None
    reports: Sequence[Path] = ()
    badge: Path | None = None
    known: KnownDeviations | None = None
    summaries: Summaries = field(default_factory=lambda: Summaries(COMMAND))
    log: Path | None = None

    @property
    def asked(self) -> list[tuple[str, Path]]:
        """Every file that is written whole, after its option."""
        single = [(option, path) for option in ("json", "badge") if (path := getattr(self, option))]
        return [*single, *(("report", path) for path in self.reports)]

    def ensure_writable(self) -> None:
        """Make the files' folders, so that it is known before the work is done that all can be written.

        Raises:
            LenetError: one of them cannot, or it would take the place of another file.
        """
        for path in self.reports:
            if path.suffix.lower() not in ENDINGS:
                raise LenetError(f"--report {path} ends in neither {' nor '.join(ENDINGS)}; give it one of these.")
        taken = {os.path.abspath(path): "summary" for path in self.summaries.paths}
        for option, path in [*([("log", self.log)] if self.log else []), *self.asked]:
            whole = os.path.abspath(path)
            if other := taken.get(whole):
                raise LenetError(f"--{other} and --{option} both name {path}; give each a file of its own.")
            taken[whole] = option
            if option != "log":  # it is opened at once
                _ensure_writable(option, path)
        for path in self.reports:
            if path.exists() and not _is_report(path):
                raise LenetError(
                    f"{path} is no report of lenet-bench check, and would be lost; give --report another place."
                )

    def write(self, found: Mapping[str, Any], report: Report) -> None:
        """Write every file, each whole or not at all, and add the summary to its own.

        Args:
            found: what the check found, for JSON.
            report: its rungs, as far as it came.

        Raises:
            LenetError: one of them cannot be written; the others are.
        """
        problems = []
        for option, path in self.asked:
            try:
                files.write(path, self._content(option, path, found, report))
            except OSError as error:
                problems.append(str(_not_writable(option, path, error.strerror)))
        try:
            self.summaries.add(of_check(found, report, self.known))
        except LenetError as error:
            problems.append(str(error))
        if problems:
            raise LenetError(" ".join(problems))

    def _content(self, option: str, path: Path, found: Mapping[str, Any], report: Report) -> str:
        if option == "report":
            document = page(found, report, self.known)
            return to_html(document, MARK) if path.suffix.lower() == ".html" else f"{MARK}\n{to_markdown(document)}"
        return json.dumps(badge(found) if option == "badge" else found, indent=1, allow_nan=False) + "\n"


def _is_report(path: Path) -> bool:
    """Whether a file may be taken for a report: it says so in the beginning, or there is nothing in it."""
    try:
        with path.open("rb") as file:
            head = file.read(400)
    except OSError as error:
        raise _not_writable("report", path, error.strerror) from error
    return not head.strip() or MARK.encode() in head


def _ensure_writable(option: str, path: Path) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _not_writable(option, path, error.strerror) from error
    if path.is_dir() or not os.access(path.parent, os.W_OK):
        raise _not_writable(option, path, "Is a directory" if path.is_dir() else "Permission denied")


def _not_writable(option: str, path: Path, why: str | None) -> LenetError:
    return LenetError(f"{path} cannot be written ({why}); give --{option} another place.")
