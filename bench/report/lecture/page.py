"""The lecture's pages: figures, and claims beside what was measured; a page a machine, and one with all claims."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from bench.lecture.evidence import Evidence
from bench.report import escape
from bench.report.lecture import texts
from bench.report.lecture.confusions import confusions_table
from bench.report.lecture.pictures import confusion_picture, figures_by_folder, hundred_epochs, pictures
from bench.report.lecture.tables import (
    claims_table,
    elsewhere_table,
    filters_table,
    initial_table,
    rates_table,
    study_table,
)
from bench.report.tables.cells import NOTHING
from bench.report.tables.markdown import markdown
from bench.report.tables.table import Table
from impls.spec import LECTURE


def machine_text(found: Sequence[Evidence], page: Path) -> str:
    """The page of one machine.

    Args:
        found: the evidence of every device that its runs name.
        page: where it will be, in the machine's folder.
    """
    name = escape.markdown(page.parent.name)
    parts = [f"# The lecture, reproduced: {name}\n\n{texts.LECTURE_30}\n{texts.WRITTEN}"]
    for evidence in found:
        own, *others = figures_by_folder(evidence, page)
        parts.append(f"\n## {escape.markdown(evidence.device)}\n{own}")
        parts.append(f"\n### The claims\n\n{_claims(evidence)}")
        parts.append(hundred_epochs(page))
        parts.append(confusion_picture(page))
        for title, table, text in (
            ("The commonest errors", confusions_table(evidence), texts.CONFUSION),
            ("What 80 % takes", study_table(evidence), _study_text(evidence)),
            ("How far training moves the weights", filters_table(evidence), texts.FILTERS),
            ("Which learning rate was it?", rates_table(evidence), texts.RATES),
            ("What default initial parameters make of it", initial_table(evidence), texts.INITIAL),
            ("Another test set", elsewhere_table(evidence), ""),
        ):
            if table and (shown := table.with_figures()):
                parts.append(f"\n### {title}\n\n{_markdown(shown)}\n{text}")
        parts += others
        parts.append(f"\n### Measured by\n\n{sources(evidence)}")
    return "".join([*parts, f"\n## How verdicts come about\n\n{texts.RULES}"])


def overview_text(found: Sequence[Evidence]) -> str:
    """The page that has the claims of all machines, in the folder that the machines' folders are in.

    Args:
        found: the evidence of every device of every machine.
    """
    parts = [f"# The lecture, reproduced\n\n{texts.LECTURE_30}\n{texts.PUBLISHED}"]
    for evidence in found:
        link = escape.link(evidence.machine, f"{evidence.machine}/README.md")
        parts.append(f"\n## {escape.markdown(evidence.device)}\n\nThe machine's page: {link}.\n\n{_claims(evidence)}")
    return "".join([*parts, f"\n## How verdicts come about\n\n{texts.RULES}"])


def summary(found: Sequence[Evidence], readme: Path) -> str:
    """The curves and filters of the lecture's own recipe, its claims, and the gap between defaults, for the README.

    Args:
        found: the evidence of every device.
        readme: for the pictures' places.
    """
    parts, reading = [], f"\n{texts.INITIAL}"
    for evidence in found:
        folder = next((each.folder for each in evidence.lecture if each.run.recipe == LECTURE.name), None)
        if folder:
            parts.append(f"\n{escape.bold(evidence.device)}\n{pictures(folder, readme)}")
            parts.append(f"\n{_claims(evidence, remarks=False)}")
            if initial := initial_table(evidence):
                parts.append(f"{reading}\n{_markdown(initial)}")
                reading = ""
    return "".join(parts) + "\n"


def sources(evidence: Evidence) -> str:
    """Which runs the claims rest on."""
    lines = []
    for recipe, series in evidence.runs.items():
        for label, runs in series.items():
            commits = ", ".join(escape.code(commit) for commit in dict.fromkeys(run.commit for run in runs))
            seeds = ", ".join(str(run.seed) for run in runs)
            what = escape.markdown(f"{recipe}: {label}, seeds {seeds}")
            lines.append(f"- {what}, commit {commits}\n")
    return "".join(lines)


def _claims(evidence: Evidence, *, remarks: bool = True) -> str:
    """The claims of which something was measured, and in a sentence those of which nothing was."""
    table = claims_table(evidence)
    if not remarks:
        table = Table(table.header[:-1], [row[:-1] for row in table.rows])
    measured = [row for row in table.rows if set(row[1:3]) != {NOTHING}]
    rest = [escape.markdown(row[0]) for row in table.rows if row not in measured]
    text = _markdown(Table(table.header, measured)) if measured else ""
    return text + (f"\nNothing was measured here of: {'; '.join(rest)}.\n" if rest else "")


def _study_text(evidence: Evidence) -> str:
    """How what 80 % takes was measured; empty where it was not."""
    if not (study := evidence.study):
        return ""
    device_name, seed = escape.markdown(str(study["device_name"])), escape.markdown(str(study["seed"]))
    return texts.STUDY.format(device_name=device_name, seed=seed, commit=escape.code(str(study["commit"])))


def _markdown(table: Table) -> str:
    return markdown(table, ["left"] * len(table.header))
