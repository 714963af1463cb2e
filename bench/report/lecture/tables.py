"""The lecture's claims and what else was asked of it, as tables of text."""

from __future__ import annotations

from collections.abc import Sequence

from bench.lecture.claims import audit
from bench.lecture.claims.finding import mean_text
from bench.lecture.evidence import FRAMEWORKS, Evidence
from bench.lecture.filters import layers
from bench.lecture.initialisation import gaps
from bench.lecture.rates import rates
from bench.report import escape
from bench.report.tables.cells import NOTHING
from bench.report.tables.table import Table
from bench.stats.equivalence import difference_interval, points, range_text
from impls.spec import LECTURE


def claims_table(evidence: Evidence) -> Table:
    """A row per claim: what each framework says to it, the verdict, by how much and what it would take."""
    header = ["the lecture's claim", *FRAMEWORKS.values(), "verdict", "by how much, and what it would take"]
    rows = []
    for finding in audit(evidence):
        measured = [finding.measured.get(framework, NOTHING) for framework in FRAMEWORKS]
        rows.append([finding.claim, *measured, escape.bold(finding.verdict), finding.remark])
    return Table(header, rows)


def rates_table(evidence: Evidence) -> Table | None:
    """What each learning rate gives; None where nothing was trained."""
    rows = [
        [
            f"{rate.learning_rate:g}",
            FRAMEWORKS[rate.framework],
            mean_text(rate.after_first),
            mean_text(rate.after_last),
            {True: "yes", False: "no", None: NOTHING}[rate.fits],
        ]
        for rate in rates(evidence)
    ]
    header = ["learning rate", "framework", "after epoch 1", f"after epoch {LECTURE.epochs}", "fits the lecture"]
    return Table(header, rows) if rows else None


def initial_table(evidence: Evidence) -> Table | None:
    """The gap between the frameworks' defaults, and what it is made of; None where nothing was trained."""
    rows = [
        [
            f"{gap.learning_rate:g}",
            str(gap.epoch),
            mean_text(gap.pytorch),
            mean_text(gap.flax),
            _points(gap.gap),
            _points(gap.from_initial),
            _points(gap.from_framework),
        ]
        for gap in gaps(evidence)
    ]
    header = [
        "learning rate",
        "after epoch",
        "PyTorch, its default",
        "Flax, its default",
        "gap, points",
        "from the initial parameters",
        "from the framework",
    ]
    return Table(header, rows) if rows else None


def _points(differences: Sequence[float]) -> str:
    interval = difference_interval(differences)
    spread = range_text(interval) if len(differences) > 1 else "one seed"
    return f"{points(interval.mean)} ({spread})"


def filters_table(evidence: Evidence) -> Table | None:
    """How far training moved each layer's weights; None where no run recorded it."""
    found = layers(evidence)
    if not found:
        return None
    rows = [
        [
            layer.name,
            *(f"{layer.moved[f]:.1%}" if f in layer.moved else NOTHING for f in FRAMEWORKS),
            NOTHING if layer.apart is None else f"{layer.apart:.1%}",
        ]
        for layer in found
    ]
    return Table(["weights of", *FRAMEWORKS.values(), "the two from one another"], rows)


def study_table(evidence: Evidence) -> Table | None:
    """What 80 % would take, step by step; None where it was not looked into."""
    if not evidence.study:
        return None
    header = ["step", "what changes", "parameters", "epochs", "test accuracy at the end", "80 % passed after"]
    rows = []
    for step in evidence.study["steps"]:
        passed = f"epoch {step['passed_at']}" if step["passed_at"] else "never"
        final = f"{step['accuracy_per_epoch'][-1]:.1%}"
        rows.append([step["name"], step["change"], f"{step['parameters']:,}", str(step["epochs"]), final, passed])
    return Table(header, rows)


def elsewhere_table(evidence: Evidence) -> Table | None:
    """Accuracy on another test set beside that on CIFAR-10's; None where nobody has looked."""
    rows = [
        [
            each.run.label,
            each.run.recipe,
            f"{each.run.final_accuracy:.2%}",
            f"{each.elsewhere.accuracy:.2%} ({each.elsewhere.name}, {each.elsewhere.images:,} images)",
        ]
        for each in evidence.lecture
        if each.elsewhere
    ]
    return Table(["variant", "recipe", "CIFAR-10's test set", "another test set"], rows) if rows else None
