"""The lecture's figures on a page, each folder of runs with where it comes from."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from bench.lecture.evidence import Evidence, LectureRun
from bench.report import escape
from bench.report.lecture.confusions import NAME as CONFUSION
from bench.report.lecture.hundred_epochs import NAME as HUNDRED_EPOCHS
from bench.report.links import relative
from impls.spec import LECTURE


def figures_by_folder(evidence: Evidence, page: Path) -> list[str]:
    """The figures of every folder of runs on a device, the lecture's own recipe first."""
    folders: dict[Path, list[LectureRun]] = {}
    for each in evidence.lecture:
        folders.setdefault(each.folder, []).append(each)
    parts = []
    for folder in sorted(folders, key=lambda folder: (folder.parent.name != LECTURE.name, folder)):
        run, where = folders[folder][0].run, relative(page, folder)
        title = escape.markdown(f"{run.recipe}, seed {run.seed}")
        heading = f"\n### {title}\n\n{_provenance(folders[folder], where)}\n"
        parts.append(heading + pictures(folder, page))
    return parts


def hundred_epochs(page: Path) -> str:
    """The figure of all schedules, where it was drawn beside the page."""
    path = page.parent / HUNDRED_EPOCHS
    if not path.with_suffix(".svg").exists():
        return ""
    what = "Test accuracy over a hundred epochs, with the learning rate kept and halved"
    return f"\n### A hundred epochs\n\n{picture(relative(page, path), what)}\n"


def confusion_picture(page: Path) -> str:
    """The figure of what is taken for what, where it was drawn beside the page."""
    path = page.parent / CONFUSION
    if not path.with_suffix(".svg").exists():
        return ""
    return f"\n### What it confuses\n\n{picture(relative(page, path), 'What is taken for what, by class')}\n"


def pictures(folder: Path, page: Path) -> str:
    """A folder's figures."""
    named = (
        ("curves", "Loss and accuracy after every epoch"),
        ("conv1", "The filters of conv1 before and after training, and their difference"),
        ("conv2", "The channels of conv2's first filter, likewise"),
    )
    there = [(folder / name, what) for name, what in named if (folder / f"{name}.svg").exists()]
    return "".join(f"\n{picture(relative(page, path), what)}\n" for path, what in there)


def picture(path: str, what: str) -> str:
    """A figure in a light and a dark version, as GitHub shows them."""
    light = escape.url(path)
    dark = f'<source media="(prefers-color-scheme: dark)" srcset="{light}-dark.svg">'
    return f'<picture>{dark}<img alt="{escape.html(what)}" src="{light}.svg"></picture>'


def _provenance(runs: Sequence[LectureRun], where: str) -> str:
    runs_text = [
        f"{escape.markdown(each.run.label)} (commit {escape.code(each.run.commit)}, {escape.markdown(each.run.date)})"
        for each in sorted(runs, key=lambda each: each.run.date)
    ]
    curves, folder = escape.link("curves", f"{where}/curves.csv"), escape.link("runs and parameters", where)
    return f"{', '.join(runs_text)}: {curves}, {folder}."
