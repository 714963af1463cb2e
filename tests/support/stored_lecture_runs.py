"""Runs of the lecture that were stored, and the evidence that is gathered of them."""

from __future__ import annotations

from dataclasses import replace

from bench.base.settings import Settings
from bench.lecture.evidence import Evidence, gather
from bench.lecture.folder import VariantFolder, folder_of
from bench.report.pages import read_runs
from bench.results.load import devices
from bench.training.loop import Checkpoint
from bench.training.run import TrainingRun
from impls.spec import initial_params, lecture


def keep(settings: Settings, *runs: TrainingRun) -> None:
    """Store runs as ``lenet-bench lecture`` does."""
    for each in runs:
        own = replace(settings, seed=each.seed, synthetic=400 if "synthetic" in each.data_fingerprint else 0)
        recipe = lecture() if each.recipe == "lecture" else lecture(100)
        VariantFolder(folder_of(own, recipe), each.label).finish(Checkpoint(each, initial_params(0), None))


def gathered(settings: Settings) -> list[Evidence]:
    return gather(settings.results, devices(read_runs(settings.results)))
