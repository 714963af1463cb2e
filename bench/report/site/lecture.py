"""The lecture on the page: its claims against measurements, its curves and its filters."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from markupsafe import Markup

from bench.lecture.claims import audit
from bench.lecture.evidence import FRAMEWORKS, Evidence
from bench.report.lecture.tables import initial_table, study_table
from bench.report.plots.curves import curves_figure
from bench.report.plots.inline import inline, themed
from bench.report.tables.table import Table
from impls.spec import LECTURE

FILTERS = (
    ("conv1", "The filters of conv1 before and after training, and their difference"),
    ("conv2", "The channels of conv2's first filter, likewise"),
)


@dataclass(frozen=True)
class Lecture:
    """What the page shows of the lecture, on one device.

    Attributes:
        device: its name.
        claims: a row per claim, the verdict last but one.
        initial: what default initial parameters make of it; None where it was not measured.
        study: what 80 % takes, step by step; None likewise.
        figures: what each shows, and the figure.
    """

    device: str
    claims: Table
    initial: Table | None
    study: Table | None
    figures: list[tuple[str, Markup]]


def lecture(evidence: Evidence) -> Lecture:
    """The lecture on one device; its filters are read from the files that ``lenet-bench lecture`` drew."""
    header = ["the lecture's claim", *FRAMEWORKS.values(), "verdict", "by how much, and what it would take"]
    rows = [
        [each.claim, *(each.measured.get(name, "") for name in FRAMEWORKS), each.verdict, each.remark]
        for each in audit(evidence)
    ]
    claims = Table(header, rows)
    initial, study = initial_table(evidence), study_table(evidence)
    return Lecture(
        evidence.device,
        claims.with_figures() or claims,
        initial and initial.with_figures(),
        study and study.with_figures(),
        _figures(evidence),
    )


def _figures(evidence: Evidence) -> list[tuple[str, Markup]]:
    own = [each for each in evidence.lecture if each.run.recipe == LECTURE.name]
    if not own:
        return []
    folder = own[0].folder
    what = "Loss and accuracy after every epoch"
    runs = [each.run for each in own if each.folder == folder]
    found = [(what, Markup(inline(partial(curves_figure, runs), what=what, prefix="lecture-curves")))]
    for name, shown in FILTERS:
        path = folder / f"{name}.svg"
        if path.exists() and "<svg" in (svg := path.read_text(encoding="utf-8")):
            found.append((shown, Markup(themed(svg, what=shown, prefix=f"lecture-{name}"))))
    return found
