"""How many runs of a series are trained at once, and which of them together."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bench.base.settings import Settings
from bench.training import series
from bench.training.job import Job
from impls import registry
from impls.errors import LenetError
from made_up_runs import made
from short_trainings import AT, BRISK, MANY


def test_on_an_accelerator_the_seeds_of_a_variant_go_together(
    two_cores: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    groups: list[tuple[str, list[tuple[str, int]]]] = []

    def recorded(how: str) -> Any:
        def train(jobs: list[Job], *args: Any) -> Any:
            groups.append((how, [(job.wanted.backend, job.wanted.seed) for job in jobs]))
            yield from ()

        return train

    monkeypatch.setattr(series, "in_lockstep", recorded("lockstep"))
    monkeypatch.setattr(series, "one_by_one", recorded("one by one"))
    wanted = made()
    jobs = [
        Job(registry.choices(MANY)[0], replace(wanted, backend=backend, seed=seed), backend == "a", AT, "")
        for seed in range(5)
        for backend in "ab"
    ]
    list(series.train_all(jobs, replace(two_cores, device="cuda"), BRISK, 3, lambda progress: None))
    assert groups == [
        ("lockstep", [("a", 0), ("a", 1), ("a", 2)]),
        ("one by one", [("b", 0), ("b", 1), ("b", 2)]),
        ("lockstep", [("a", 3), ("a", 4)]),
        ("one by one", [("b", 3), ("b", 4)]),
    ]


def test_how_many_at_once(two_cores: Settings) -> None:
    assert series.how_many_at_once(None, two_cores) == 2
    assert series.how_many_at_once(1, two_cores) == 1
    with pytest.raises(LenetError, match="--jobs 3 is more than the 2 cores"):
        series.how_many_at_once(3, two_cores)
    assert series.how_many_at_once(None, replace(two_cores, device="cuda")) == series.ON_AN_ACCELERATOR
