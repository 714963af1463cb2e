"""Seeds that are trained beside one another come out as each alone, and a lost one costs no other."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

import side_by_side as test_processes
from bench.base.cores import available_cores
from bench.base.settings import Settings
from bench.lecture.reproduce import Reproduction
from bench.lecture.side_by_side import side_by_side
from bench.worker.process import WorkerError
from reproductions import SOUND, Silent, made

pytestmark = pytest.mark.slow


@pytest.fixture
def two_cores(settings: Settings) -> Iterator[Settings]:
    with test_processes.all_cores():
        if available_cores() < 2:
            pytest.skip("needs two cores")
        yield replace(settings, threads=2)


def _seeds(settings: Settings, label: str, *seeds: int) -> list[Reproduction]:
    return [made(replace(settings, seed=seed), label) for seed in seeds]


def test_each_is_trained_as_if_it_were_alone(two_cores: Settings) -> None:
    together = _seeds(two_cores, SOUND, 3, 4, 5)
    views = {each.settings.seed: Silent() for each in together}
    side_by_side(together, lambda each: views[each.settings.seed], lanes=2, threads=2)
    for each in together:
        found = each.reached[SOUND].run
        alone = made(replace(each.settings, results=two_cores.results / "alone"), SOUND)
        alone.run(Silent())
        # The whole run had two cores, which sum in another order.
        assert found.losses == pytest.approx(alone.reached[SOUND].run.losses, rel=1e-5)
        assert (found.threads, found.concurrent) == (1, 2)
        assert views[found.seed].told[-1] == ("end", SOUND, False)


def test_a_lost_worker_costs_its_own_seed_alone(two_cores: Settings) -> None:
    lost, sound = _seeds(two_cores, "fakes:Raises:float32", 3)[0], _seeds(two_cores, SOUND, 4)[0]
    with pytest.raises(WorkerError, match="the kernel fell over"):
        side_by_side([lost, sound], lambda each: Silent(), lanes=2, threads=2)
    assert len(sound.reached[SOUND].run.losses) == 3
    assert len(lost.reached["fakes:Raises:float32"].run.losses) == 2
