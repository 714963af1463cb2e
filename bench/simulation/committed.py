"""The sizes of effects in the results that are committed here."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np

from bench.results.load import Run, read_run
from bench.simulation.effects import Effects
from bench.simulation.estimate import between_runs, within_a_run
from bench.stats.change import MEASURES, block_logs

SECONDS = {"epoch": "epoch_seconds", "evaluation": "eval_seconds"}
FEWEST = 2
"""Variants, blocks and rounds of each, that effects can be told apart from."""


@dataclass(frozen=True)
class Measured:
    """What one run shows of the effects.

    Attributes:
        name: of the file, with its folder.
        kind: of the rows.
        effects: within it.
        shape: variants, blocks, rounds.
        control: standard deviation of the control's log seconds.
    """

    name: str
    kind: str
    effects: Effects
    shape: tuple[int, int, int]
    control: float


def measured(results: Path) -> list[Measured]:
    """Every run that has several variants, blocks and rounds; in order of time within a folder."""
    found = []
    for run in _runs(results):
        for kind in SECONDS:
            rows = _crossed(run, kind)
            if len(rows) < FEWEST:
                continue
            blocks = len(set(rows[0]["blocks"]))
            logs = np.array([np.log(row[SECONDS[kind]]).reshape(blocks, -1) for row in rows])
            if logs.shape[2] >= FEWEST:
                control = float(np.std(np.log(rows[0]["control_seconds"]), ddof=1))
                name = str(run.path.relative_to(results))
                found.append(Measured(name, kind, within_a_run(logs), logs.shape, control))
    return found


def run_effect(results: Path) -> float:
    """The effect of a run on an epoch, from every two runs of one folder that share variants."""
    epoch = next(measure for measure in MEASURES if measure.name == "epoch")
    quotients = []
    for one, other in combinations(_runs(results), 2):
        then, now = ({row["backend"] + row["variant"]: row for row in _crossed(run, "epoch")} for run in (one, other))
        if one.path.parent == other.path.parent:
            quotients += [
                (block_logs(epoch, then[label]), block_logs(epoch, now[label]))
                for label in then.keys() & now.keys()
                if then[label]["precision"] == now[label]["precision"]
            ]
    return between_runs(quotients)


def full_runs(results: Path) -> list[Effects]:
    """The effects on epochs in each run of four blocks or more, the newest last: what simulations use."""
    run = run_effect(results)
    return [replace(m.effects, run=run) for m in measured(results) if m.kind == "epoch" and m.shape[1] >= 4]


def _runs(results: Path) -> list[Run]:
    paths = [path for folder in (results, results / "speed") for path in sorted(folder.glob("*/*.json"))]
    return [run for path in paths if (run := read_run(path)) and run.complete]


def _crossed(run: Run, kind: str) -> list[dict[str, Any]]:
    """The rows of a kind that have all blocks, with a control beside every round."""
    rows = [row for row in run.records if row["kind"] == kind and "control_seconds" in row and not row["quick"]]
    most = max((len(row["blocks"]) for row in rows), default=0)
    return [row for row in rows if len(row["blocks"]) == most and len(set(row["blocks"])) >= FEWEST]
