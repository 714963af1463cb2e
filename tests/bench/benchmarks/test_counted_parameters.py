"""A row states the parameters that a backend gave out, counted, and not those that it should have."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from bench.base.settings import Settings
from bench.benchmarks.test_agreement import test_agreement as agreement_benchmark
from bench.parity.verdict import Report
from bench.worker.agreement import Agreement, Agreements
from bench.worker.serve import Worker
from fakes import Sound
from impls import registry
from impls.errors import LenetError
from impls.spec import parameter_counts
from subjects import settings as asked

OTHER = parameter_counts() | {"fc1.bias": 121}


def worker(export: Any) -> Worker:
    found = Worker(lambda what: None)
    found.backend = SimpleNamespace(export_params=export)  # type: ignore[assignment]
    return found


def test_what_a_backend_gives_out_is_counted_as_it_is() -> None:
    exported = {name: np.zeros(count, np.float32) for name, count in OTHER.items()}
    assert worker(lambda: exported).count_parameters() == OTHER
    with pytest.raises(LenetError):
        worker(lambda: None).count_parameters()


@pytest.mark.slow
@pytest.mark.usefixtures("importable_fakes")
def test_agreements_count_a_sound_backend() -> None:
    run = asked("fakes:Sound")
    assert Agreements(run).of(run.choices[0]).parameters == parameter_counts()


@pytest.mark.parametrize("counted", [OTHER, {}])
def test_the_row_of_a_backend_with_other_parameters_says_so(settings: Settings, counted: dict[str, int]) -> None:
    [choice] = registry.choices("fakes:Sound")
    info = {"variant": Sound.variants[0], "versions": {}, "data_fingerprint": "x", "code": "y"}
    found = Agreement(choice, info, "equivalent", "", 1.0, Report([], []), counted)
    expected = SimpleNamespace(trajectory=np.array([2.3]), twins=np.array([[0.0]]))
    benchmark: Any = SimpleNamespace(extra_info={}, pedantic=lambda target, rounds: None)
    agreements: Any = SimpleNamespace(of=lambda choice: found, expected=expected)
    agreement_benchmark(benchmark, choice, agreements, settings)
    assert benchmark.extra_info["parameters"] == (counted or parameter_counts())
    assert benchmark.extra_info["parameters_total"] == (62_007 if counted else 62_006)
