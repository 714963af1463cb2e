"""The lecture's page: its figures, and its claims beside what was measured."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path

from bench.lecture.evidence import Evidence, LectureRun
from bench.report import escape
from bench.report.lecture.hundred_epochs import NAME as HUNDRED_EPOCHS
from bench.report.lecture.tables import (
    claims_table,
    elsewhere_table,
    filters_table,
    initial_table,
    rates_table,
    study_table,
)
from bench.report.tables.table import Table
from impls.spec import LECTURE

HEAD = """# The lecture, reproduced

Lecture 30 of "Deep Learning for Visual Computing" (D. Sheet, IIT Kharagpur), "Modifying a LeNet for CIFAR": the same
training in PyTorch and in Flax, from the same initial parameters and in the same order, and its claims held against
what was measured. Written by `lenet-bench report` from the files in the folders beside it and from
[the training runs over seeds](../README.md); not to be edited. `lenet-bench lecture` trains and draws it anew.
"""

RULES = """How verdicts come about. Each claim can be refuted, and fewer runs make it harder to call it reproduced. Each
framework is judged alone: where one reproduces a claim and the other refutes it, it *depends*.

- A claim about every run is *reproduced* if it holds in more than half of all runs that one could make, by the lower
  95 % bound of that share (five of five runs, nine of ten); *not reproduced* if it holds in no run; and *depends* if it
  holds in some.
- That runs reach an accuracy is *reproduced* if all that one more run may have lies above it (the 95 % prediction
  interval over seeds), *not reproduced* if all of it lies below, and *depends* if some runs reach it and some do not.
- That a run shows an accuracy is *not reproduced* if one more run of ours would not show it (likewise), and
  *reproduced* if, besides, the 95 % interval of our mean lies within two points of it.
- A gain is *reproduced* if its 95 % interval over paired seeds lies above zero, *not reproduced* if it lies below.
- A time is *reproduced* if every variant is within a quarter of it by more than processes scatter (8 %), *not
  reproduced* if every variant is further away, and *depends* if some are near and some are not.
- A number of parameters is counted in what each backend gives out.

Where the runs settle none of these, the claim is *undecided*. Intervals are Student's t, over seeds.
"""

RATES = """The lecture does not state its learning rate. A rate *fits* where a run shows what the lecture shows: 28 %
after the first epoch (as above), and after the last a mean whose 95 % interval is at most two points below 45 %. It
does not fit where one more run would not show it (the 95 % prediction interval). Of too few runs it is not said.
"""

INITIAL = """Each framework draws its initial parameters in its own way: PyTorch weights and biases uniformly, Flax
weights LeCun-normal and biases zero. Who compares the two as they come changes framework and initial parameters at the
same time. Here each framework was trained from both, so that the *gap* (Flax less PyTorch, each from its own default)
splits into the two effects, each the mean of its two ways; they add up to the gap.
"""

FILTERS = """The Euclidean norm of the change by ten epochs over that of the initial weights, the mean over seeds; and
in the last column that of the difference between the two frameworks' weights after training from the same ones: what
rounding has grown to by then.
"""

STUDY = """The lecture says that a hundred epochs bring this network far above 80 %. What does bring a network there was
measured in plain PyTorch, one change at a time, each on top of those before it
([examples/eighty_percent.py](../../examples/eighty_percent.py); {device_name}, seed {seed}, commit {commit}). The
changes were chosen by looking at test accuracy: this says what it takes, and is no unbiased estimate of anything else.
"""


def page_text(found: Sequence[Evidence], page: Path, markdown: Callable[[Table], str]) -> str:
    """The whole page.

    Args:
        found: the evidence of every device.
        page: where it will be.
        markdown: makes a table's text.
    """
    parts = [HEAD]
    for evidence in found:
        own, *others = _figures_by_folder(evidence, page)
        parts.append(f"\n## {escape.markdown(evidence.device)}\n{own}")
        parts.append(f"\n### The claims\n\n{markdown(claims_table(evidence))}\n{RULES}")
        parts.append(_hundred_epochs(evidence, page))
        for title, table, text in (
            ("What 80 % takes", study_table(evidence), _study_text(evidence)),
            ("How far training moves the weights", filters_table(evidence), FILTERS),
            ("Which learning rate was it?", rates_table(evidence), RATES),
            ("What default initial parameters make of it", initial_table(evidence), INITIAL),
            ("Another test set", elsewhere_table(evidence), ""),
        ):
            if table:
                parts.append(f"\n### {title}\n\n{markdown(table)}\n{text}")
        parts += others
        parts.append(f"\n### Measured by\n\n{sources(evidence)}")
    return "".join(parts)


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


def _study_text(evidence: Evidence) -> str:
    """How what 80 % takes was measured; empty where it was not."""
    if not (study := evidence.study):
        return ""
    device_name, seed = escape.markdown(str(study["device_name"])), escape.markdown(str(study["seed"]))
    return STUDY.format(device_name=device_name, seed=seed, commit=escape.code(str(study["commit"])))


def summary(found: Sequence[Evidence], readme: Path, markdown: Callable[[Table], str]) -> str:
    """The curves and filters of the lecture's own recipe, its claims, and the gap between defaults, for the README.

    Args:
        found: the evidence of every device.
        readme: for the pictures' places.
        markdown: makes a table's text.
    """
    parts = []
    for evidence in found:
        folder = next((each.folder for each in evidence.lecture if each.run.recipe == LECTURE.name), None)
        if folder:
            parts.append(f"\n{escape.bold(evidence.device)}\n{_pictures(folder, readme)}")
            claims = claims_table(evidence)
            parts.append(f"\n{markdown(Table(claims.header[:-1], [row[:-1] for row in claims.rows]))}")
            if initial := initial_table(evidence):
                parts.append(f"\n{INITIAL}\n{markdown(initial)}")
    return "".join(parts) + "\n"


def _figures_by_folder(evidence: Evidence, page: Path) -> list[str]:
    """The figures of every folder of runs on a device, the lecture's own recipe first."""
    folders: dict[Path, list[LectureRun]] = {}
    for each in evidence.lecture:
        folders.setdefault(each.folder, []).append(each)
    parts = []
    for folder in sorted(folders, key=lambda folder: (folder.parent.name != LECTURE.name, folder)):
        run, where = folders[folder][0].run, _from(page, folder)
        title = escape.markdown(f"{run.recipe}, seed {run.seed}")
        heading = f"\n### {title}\n\n{_provenance(folders[folder], where)}\n"
        parts.append(heading + _pictures(folder, page))
    return parts


def _hundred_epochs(evidence: Evidence, page: Path) -> str:
    """The figure of all schedules, where it was drawn."""
    path = page.parent / evidence.machine / HUNDRED_EPOCHS
    if not path.with_suffix(".svg").exists():
        return ""
    what = "Test accuracy over a hundred epochs, with the learning rate kept and halved"
    return f"\n### A hundred epochs\n\n{picture(_from(page, path), what)}\n"


def _pictures(folder: Path, page: Path) -> str:
    """A folder's figures."""
    named = (
        ("curves", "Loss and accuracy after every epoch"),
        ("conv1", "The filters of conv1 before and after training, and their difference"),
        ("conv2", "The channels of conv2's first filter, likewise"),
    )
    there = [(folder / name, what) for name, what in named if (folder / f"{name}.svg").exists()]
    return "".join(f"\n{picture(_from(page, path), what)}\n" for path, what in there)


def _from(page: Path, path: Path) -> str:
    """A path as a page links to it."""
    return Path(os.path.relpath(path, page.parent)).as_posix()


def _provenance(runs: Sequence[LectureRun], where: str) -> str:
    runs_text = [
        f"{escape.markdown(each.run.label)} (commit {escape.code(each.run.commit)}, {escape.markdown(each.run.date)})"
        for each in sorted(runs, key=lambda each: each.run.date)
    ]
    curves, folder = escape.link("curves", f"{where}/curves.csv"), escape.link("runs and parameters", where)
    return f"{', '.join(runs_text)}: {curves}, {folder}."


def picture(path: str, what: str) -> str:
    """A figure in a light and a dark version, as GitHub shows them."""
    light = escape.url(path)
    dark = f'<source media="(prefers-color-scheme: dark)" srcset="{light}-dark.svg">'
    return f'<picture>{dark}<img alt="{escape.html(what)}" src="{light}.svg"></picture>'
