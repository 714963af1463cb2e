"""The summary of ``lenet-bench compare``: what became slower, by how much, and how surely."""

from __future__ import annotations

from collections.abc import Sequence

from bench.base.private import masked
from bench.report.document import Code, Grid, Items, Paragraph, Part, Spans, Strong
from bench.report.summary.figures import figure_grid, headline, main_figures
from bench.report.summary.text import Summary, sentence
from bench.report.tables.cells import agreement_text
from bench.report.terminal import comparison as of_files
from bench.report.terminal import two_builds as of_builds
from bench.results.comparison import Comparison
from bench.results.load import Run
from bench.results.two_builds import TwoBuilds
from bench.stats.change import Figure

COMMAND = "compare"


def of_two_files(found: Comparison, fail_over: float | None = None) -> Summary:
    """The summary of a comparison of two results files.

    Args:
        found: the comparison.
        fail_over: the limit in percent that it was held against; None for none.
    """
    why = "no repeated runs of one commit show what chance alone does on this machine"
    reading = of_files.READING if found.judged else of_files.UNJUDGED
    runs = [["old", _run_text(found.old)], ["new", _run_text(found.new)]]
    told = [*_wrong(found.new), *headline(found.figures, fail_over, "" if found.repeated else why)]
    return _summary(found.figures, told, runs, reading, of_files.conclusion(found), of_files.remarks(found))


def of_two_builds(found: TwoBuilds, fail_over: float | None = None) -> Summary:
    """The summary of a comparison of two builds, as `of_two_files`."""
    done, asked, made_up = len(found.blocks), found.options["blocks"], found.options["synthetic"]
    builds = [
        ["old", masked(found.old)],
        ["new", masked(found.new)],
        ["device", found.device_name],
        ["blocks", f"{done}" if done == asked else f"{done} of {asked}"],
        ["data", f"{made_up:,} made-up images" if made_up else "CIFAR-10"],
    ]
    same = [Strong("Both builds are of the same code.")] if found.nothing_changed else []
    told = [*_left(found), *headline(found.figures, fail_over), *same]
    conclusion = of_files.conclusion_of(found.figures, "more --blocks find less")
    return _summary(found.figures, told, builds, of_builds.READING, conclusion, of_builds.remarks(found))


def _summary(
    figures: Sequence[Figure],
    told: Spans,
    compared: Sequence[Sequence[str]],
    reading: str,
    conclusion: str,
    remarks: Sequence[str],
) -> Summary:
    main = main_figures(figures)
    shown: list[Part] = [figure_grid(main)] if main else []
    rest: list[Part] = [figure_grid(figures)] if len(figures) > len(main) else []
    folded: dict[str, list[Part]] = {
        "All figures, and how to read them": [*rest, Paragraph([conclusion]), Paragraph([reading])],
        "What was compared": [Grid(["what", "which"], ["left", "left"], compared)],
        "Remarks": [Items([[masked(remark)] for remark in remarks])] if remarks else [],
    }
    return Summary(COMMAND, told, shown, folded)


def _run_text(run: Run) -> str:
    parts = [run.path.name, run.date, f"commit {run.commit}"]
    return ", ".join([*parts, "not complete"] if run.complete is False else parts)


def _wrong(new: Run) -> Spans:
    """What makes the new run's times worth little: rows of other computations, and what was lost."""
    verdicts = {
        label: agreement_text(row) for (label, _), row in sorted(new.rows.items()) if row["verdict"] != "equivalent"
    }
    told: list[str] = []
    for label, verdict in verdicts.items():
        told += [Strong("Not the same computation:"), Code(label), f"is {verdict} in the new run."]
    if new.lost:
        told.append(Strong(f"The new run lost {len(new.lost)} of its measurements; the remarks say why."))
    return told


def _left(found: TwoBuilds) -> Spans:
    """Variants that did not come to the end, and such as do not train the same in both builds."""
    told: list[str] = []
    for label in dict.fromkeys(label for block in found.blocks for label in block.new.courses):
        if reason := found.lost(label):
            told += [Strong("Failed:"), Code(label), f"left before the end: {sentence(masked(reason))}"]
        elif found.apart.get(label):
            told += [Code(label), "does not train the same bits in both builds;", Code("lenet-bench check")]
            told.append("says whether it is still right.")
    return told
