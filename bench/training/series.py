"""The runs of a series, trained as many at the same time as device and variants allow."""

from __future__ import annotations

from collections.abc import Generator, Sequence

from bench.base.settings import Settings
from bench.training.job import Job, OnProgress, Outcome, one_by_one
from bench.training.lanes import side_by_side
from bench.training.lockstep import in_lockstep
from impls.errors import LenetError
from impls.spec import Recipe

ON_AN_ACCELERATOR = 64
"""Seeds of a variant in lockstep where nothing else is asked for; each needs some tens of megabytes."""


def how_many_at_once(jobs: int | None, settings: Settings) -> int:
    """How many runs to train at the same time: as asked for, else one a core, or `ON_AN_ACCELERATOR`.

    Raises:
        LenetError: more than there are cores.
    """
    if settings.device != "cpu":
        return jobs or ON_AN_ACCELERATOR
    if jobs and jobs > settings.threads:
        raise LenetError(f"--jobs {jobs} is more than the {settings.threads} cores that there are for them.")
    return jobs or settings.threads


def train_all(
    jobs: Sequence[Job], settings: Settings, recipe: Recipe, at_once: int, on_progress: OnProgress
) -> Generator[Outcome, None, None]:
    """Every job's outcome as it comes.

    On a CPU runs are trained side by side in workers of their own, on an accelerator the seeds of one variant in
    lockstep in one worker, where it can. What is closed before its end ends its workers.

    Args:
        jobs: to be done, in this order as far as may be.
        settings: of the runs.
        recipe: what to train by.
        at_once: how many at most; 1 trains one after the other.
        on_progress: told of every step.
    """
    if settings.device == "cpu":
        lanes = min(at_once, len(jobs), settings.threads)
        if lanes > 1:
            yield from side_by_side(jobs, settings, recipe, on_progress, lanes=lanes)
        else:
            yield from one_by_one(jobs, settings, recipe, on_progress)
        return
    seeds = sorted({job.wanted.seed for job in jobs})
    for first in range(0, len(seeds), at_once):
        variants: dict[str, list[Job]] = {}
        for job in jobs:
            if job.wanted.seed in seeds[first : first + at_once]:
                variants.setdefault(job.wanted.title, []).append(job)
        for group in variants.values():
            train = in_lockstep if group[0].many and len(group) > 1 else one_by_one
            yield from train(group, settings, recipe, on_progress)
