"""Does training change the filters, and by how much?"""

from __future__ import annotations

from statistics import fmean

from bench.lecture.claims.finding import Finding, of_runs
from bench.lecture.evidence import Evidence
from impls.spec import LECTURE

LAYERS = ("conv1", "conv2", "fc1", "fc2", "fc3")

VISIBLE = 0.01
"""A change of weights by less than a hundredth of their norm would not be seen in a picture of them."""


def change(evidence: Evidence) -> Finding:
    """The weights of every layer are others after training.

    Refuted by runs in which those of some layer stay what they were.
    """
    claim = "training changes the filters"
    held, measured = {}, {}
    for framework, runs in evidence.by_framework(LECTURE.name).items():
        runs = [run for run in runs if run.weight_change]  # older runs did not record it
        if runs:
            held[framework] = [all(run.weight_change[f"{layer}.weight"] > VISIBLE for layer in LAYERS) for run in runs]
            means = [f"{layer} {fmean(run.weight_change[f'{layer}.weight'] for run in runs):.0%}" for layer in LAYERS]
            measured[framework] = f"{', '.join(means)} ({len(runs)} runs)"
    return Finding(claim, of_runs(held), measured, "by the norm of the change over that before" if held else "")
