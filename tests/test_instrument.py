"""The instrument measured: known sleeps, known allocations, and defects of a backend that it must not overlook."""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from statistics import median
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from conftest import ROOT

from bench import resume
from bench.measure import block, energy, limits, nvidia, stability
from bench.measure.block import Block, Course
from bench.measure.lock import machine_lock
from bench.measure.schedule import Schedule
from bench.measure.statistics import paired_ratio
from bench.measure.subject import Subject
from bench.settings import Settings
from impls import registry
from impls.errors import LenetError
from impls.probe import Activity, Probe
from impls.recipe import LECTURE
from impls.synthetic import synthetic_split


@pytest.fixture(autouse=True)
def importable_fakes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", str(ROOT / "tests"))


def settings(*names: str, **more: Any) -> Settings:
    choices = [registry.choices(name)[0] for name in names]
    return Settings.checked(choices, device="cpu", threads=1, timeout=60, results=Path("unused"), synthetic=400, **more)


def subject(name: str) -> Subject:
    asked = settings(name)
    return Subject(asked.choices[0], asked, LECTURE)


# --- what a worker reads --------------------------------------------------------------------------------------


def test_a_known_sleep_reads_as_that_sleep() -> None:
    with subject("fakes:Sleeps:0.2") as sleeper:
        assert median(sleeper.epoch() for _ in range(7)) == pytest.approx(0.2, rel=0.02)


def test_an_empty_epoch_reads_as_next_to_nothing() -> None:
    with subject("fakes:DoesNothing") as idle:
        assert median(idle.epoch() for _ in range(7)) < 1e-3


def test_a_known_allocation_reads_as_that_many_bytes() -> None:
    peaks = []
    for name in ("fakes:Sound", "fakes:Allocates"):
        with subject(name) as one:
            one.epoch()
            peaks.append(one.closing_figures()[0]["peak_host_bytes"])
    assert peaks[1] - peaks[0] == pytest.approx(500e6, rel=0.1)


def compared(a: str, b: str) -> list[bool]:
    """Whether 20 comparisons of 7 rounds each tell two sleepers apart."""
    with subject(a) as one, subject(b) as other:
        found = []
        for _ in range(20):
            seconds: tuple[list[float], list[float]] = [], []
            for number in range(7):
                for which, sleeper in [(0, one), (1, other)] if number % 2 else [(1, other), (0, one)]:
                    seconds[which].append(sleeper.epoch())
            found.append(paired_ratio(*seconds).distinguishable)
    return found


def test_a_backend_slower_by_a_tenth_is_found_slower() -> None:
    assert sum(compared("fakes:Sleeps:0.022", "fakes:Sleeps:0.02")) >= 19


def test_an_equal_one_is_not_told_apart() -> None:
    # A 95 % interval errs once in 20 tries; more than four times, once in 400 such tests.
    assert sum(compared("fakes:Sleeps:0.02", "fakes:Sleeps:0.02")) <= 4


class Sleeper(Probe):
    """Takes 20 ms for a product and 10 ms for a copy, of whatever size."""

    def matrix_product(self, size: int) -> Callable[[], None]:
        return partial(time.sleep, 0.02)

    def copy(self, elements: int) -> Callable[[], None]:
        return partial(time.sleep, 0.01)

    def peak_bytes(self) -> int | None:
        return None

    def activity(self, run: Callable[[], object]) -> Activity | None:
        return None


def test_ceilings_are_those_of_the_probe() -> None:
    found = limits.measure(Sleeper(), "cpu")
    assert found["ceiling_flops_per_second"] == pytest.approx(2 * 2048**3 / 0.02, rel=0.1)
    assert found["ceiling_bytes_per_second"] == pytest.approx(2 * 4 * 2**26 / 0.01, rel=0.1)


def test_a_figure_that_cannot_be_had_costs_no_other() -> None:
    with subject("fakes:ProbesInVain") as one:
        one.epoch()
        found, missing = one.closing_figures()
    assert set(found) == {"latency_seconds_batch_1", "latency_seconds_batch_100", "peak_host_bytes"}
    assert missing == 3 * ["probe raised RuntimeError: no profiler here"]


# --- energy, and the GPU's driver -----------------------------------------------------------------------------


def package(root: Path, name: str, joules: float, full: float = 100.0) -> None:
    folder = root / name
    folder.mkdir(exist_ok=True)
    (folder / "max_energy_range_uj").write_text(f"{full * 1e6:.0f}\n")
    (folder / "energy_uj").write_text(f"{joules * 1e6:.0f}\n")


def test_energy_is_summed_over_packages_and_counters_may_wrap(tmp_path: Path) -> None:
    package(tmp_path, "intel-rapl:0", 90)
    package(tmp_path, "intel-rapl:1", 5)
    package(tmp_path, "intel-rapl:0:0", 1)  # a part of the first package, which has it already
    joules = energy.rapl_meter(tmp_path)
    assert joules
    assert joules() == 0
    package(tmp_path, "intel-rapl:0", 10)  # 20 J on, past the end of its range
    package(tmp_path, "intel-rapl:1", 8)
    package(tmp_path, "intel-rapl:0:0", 50)
    assert joules() == pytest.approx(23)


def test_energy_that_cannot_be_read_is_absent(tmp_path: Path) -> None:
    assert energy.rapl_meter(tmp_path) is None
    (tmp_path / "intel-rapl:0").mkdir()
    assert energy.rapl_meter(tmp_path) is None


@pytest.fixture
def driver(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """Stands in for pynvml: one GPU, on which this process and 4242 compute."""
    found = SimpleNamespace(
        NVMLError=RuntimeError,
        millijoules=5_000,
        nvmlInit=lambda: None,
        nvmlShutdown=lambda: None,
        nvmlDeviceGetHandleByIndex=lambda index: f"gpu {index}",
        nvmlDeviceGetComputeRunningProcesses=lambda gpu: [SimpleNamespace(pid=pid) for pid in (os.getpid(), 4242)],
        nvmlDeviceGetTotalEnergyConsumption=lambda gpu: found.millijoules,
    )
    monkeypatch.setitem(sys.modules, "pynvml", found)
    return found


@pytest.mark.usefixtures("driver")
def test_a_gpu_in_use_is_said_before_measuring() -> None:
    assert nvidia.foreign_processes() == [4242]
    [sentence] = stability.complaints_at_start("cuda", busy=0.0)
    assert sentence.startswith("the GPU was in use by other processes (4242) before the start")
    assert stability.complaints_at_start("cpu", busy=0.0) == []


def test_a_gpus_energy_is_in_joules(driver: SimpleNamespace) -> None:
    joules = energy.meter("cuda")
    assert joules
    before = joules()
    driver.millijoules += 1_500
    assert joules() - before == pytest.approx(1.5)


# --- a block --------------------------------------------------------------------------------------------------


def test_a_block_times_everything_in_turn_and_catches_what_does_not_wait() -> None:
    asked = settings("fakes:Sleeps:0.02", "fakes:DoesNotWait", "fakes:CannotBeMade", quick=True)
    said: list[str] = []
    found = block.measure(0, asked.choices, asked, synthetic_split("train", 400), said.append)
    sleeper = found.courses["fakes:Sleeps:0.02"]
    assert sleeper.error == ""
    assert len(sleeper.epoch_seconds) == len(sleeper.eval_seconds) == len(found.control_seconds) == block.BRIEF_ROUNDS
    assert len(sleeper.warmup_epoch_seconds) == 1
    assert "train_epoch returns before its device is idle" in found.courses["fakes:DoesNotWait"].error
    assert "__init__ raised RuntimeError: no chip found" in found.courses["fakes:CannotBeMade"].error
    order = [what.split(": ")[1] for what in said if what.startswith("round")]
    forwards = ["the bare loop", "fakes:Sleeps:0.02", "fakes:DoesNotWait"]
    assert order[:6] == forwards + forwards[::-1]
    assert said.index("warm-up: the bare loop") < said.index("round 1: the bare loop")
    assert Block.from_dict(json.loads(json.dumps(found.as_dict()))) == found


def course(*seconds: float, error: str = "", **more: Any) -> Course:
    return Course({"start_seconds": 1.0}, 9.0, [], list(seconds), [s / 10 for s in seconds], error=error, **more)


def test_a_schedule_pairs_rounds_of_the_same_block() -> None:
    blocks = [
        Block({"a": course(2.0, 2.0), "b": course(1.0, 1.0), "slow": course(40.0)}, [1.0, 1.0]),
        Block({"a": course(6.0, 6.0), "b": course(3.0, 3.0)}, [3.0, 3.0]),  # a machine three times as slow
    ]
    schedule = Schedule(blocks)
    ratio = schedule.ratio("a", "b", "epoch_seconds")
    assert ratio
    assert (ratio.value, ratio.low, ratio.high) == (pytest.approx(2), pytest.approx(2), pytest.approx(2))
    assert schedule.rounds("a", "epoch_seconds") == ([2.0, 2.0, 6.0, 6.0], [0, 0, 1, 1])
    assert schedule.control("a", "epoch_seconds") == [1.0, 1.0, 3.0, 3.0]
    alone = schedule.ratio("slow", "b", "epoch_seconds")
    assert alone
    assert (alone.value, alone.low) == (pytest.approx(40), None)
    assert schedule.first_epochs("slow") == {
        "start_seconds": [1.0],
        "first_epoch_seconds": [9.0],
        "control_seconds": [1.0],
    }


def test_a_variant_that_failed_keeps_its_first_epochs_and_nothing_else() -> None:
    schedule = Schedule([Block({"a": course(2.0)}, [1.0]), Block({"a": course(2.0, error="it broke")}, [1.0])])
    with pytest.raises(LenetError, match="it broke"):
        schedule.ensure_sound("a")
    assert schedule.first_epochs("a")["first_epoch_seconds"] == [9.0, 9.0]
    assert schedule.rounds("a", "epoch_seconds") == ([2.0], [0])


def test_a_schedule_goes_on_after_the_blocks_that_are_there(monkeypatch: pytest.MonkeyPatch) -> None:
    """And leaves out from then on what failed."""
    measured: list[tuple[int, list[str]]] = []

    def measure(number: int, choices: list[registry.Choice], *_: Any) -> Block:
        measured.append((number, [choice.label for choice in choices]))
        return Block({choice.label: course(2.0, error="it broke" * (number == 1)) for choice in choices[:1]}, [1.0])

    monkeypatch.setattr(block, "measure", measure)
    asked, kept = settings("fakes:Sound", "fakes:DoesNothing", blocks=4), []
    blocks = [Block({"fakes:Sound": course(2.0)}, [1.0])]
    schedule = Schedule(blocks)
    schedule.run(
        asked.choices,
        asked,
        synthetic_split("train", 400),
        say=lambda what: None,
        on_block=lambda: kept.append(len(schedule.blocks)),
    )
    both = ["fakes:Sound", "fakes:DoesNothing"]
    assert measured == [(1, both), (2, both[1:]), (3, both[1:])]
    assert kept == [2, 3, 4]
    assert schedule.blocks is blocks, "what is kept is this list"


def test_blocks_from_the_first_with_a_failure_on_are_measured_again() -> None:
    whole, broken = Block({"a": course(1.0)}, [1.0]), Block({"a": course(1.0, error="it broke")}, [1.0])
    assert resume.whole([b.as_dict() for b in (whole, whole, broken, whole)]) == [whole, whole]


def test_a_control_that_is_missing_leaves_no_half_control() -> None:
    schedule = Schedule([Block({"a": course(2.0, 2.0)}, [1.0], "it broke"), Block({"a": course(2.0, 2.0)}, [1.0, 1.0])])
    assert schedule.control("a", "epoch_seconds") == []
    assert schedule.notes("a") == ["there is no control: it broke"]


def share_found_different(unit_is_the_block: bool) -> float:
    """Of 400 comparisons of equal things, 4 blocks of 2 rounds, whose processes differ by 2 %, how many err."""
    rng, found, blocks = np.random.default_rng(0), 0, [0, 0, 1, 1, 2, 2, 3, 3]
    for _ in range(400):
        a, b = (np.exp(0.02 * rng.standard_normal(4).repeat(2) + 0.01 * rng.standard_normal(8)) for _ in range(2))
        found += paired_ratio(list(a), list(b), blocks if unit_is_the_block else None).distinguishable
    return found / 400


def test_intervals_hold_where_processes_differ() -> None:
    # Three standard deviations of a binomial proportion with n = 400 and p = 0.05 are 0.033.
    assert share_found_different(unit_is_the_block=True) == pytest.approx(0.05, abs=0.033)
    assert share_found_different(unit_is_the_block=False) > 0.10, "rounds for the unit would do as well"


# --- what is not steady ---------------------------------------------------------------------------------------


def test_steady_rounds_are_not_complained_of() -> None:
    assert stability.complaints([3.0, 3.1, 2.95, 3.05, 3.0, 3.02, 2.98]) == []
    assert stability.complaints([3.0, 30.0]) == [], "two rounds say nothing"


def test_scatter_and_drift_are_said_with_numbers_and_what_to_do() -> None:
    [scatter] = stability.complaints([3.0, 3.6, 3.1, 3.0, 2.9, 3.3, 3.0])
    assert scatter.startswith("rounds scatter by 23% (2.9 to 3.6 s)")
    assert "close other programs" in scatter
    [drift] = stability.complaints([1.0, 1.01, 1.02, 1.03, 1.04, 1.05, 1.06])
    assert drift.startswith("rounds grew longer by 6% from first to last")


def test_load_at_the_start_is_said() -> None:
    [sentence] = stability.complaints_at_start("cpu", busy=1.3)
    assert sentence == "other programs kept 1.3 cores busy before the start: close them and run again"


# --- the lock -------------------------------------------------------------------------------------------------


def test_two_measurements_notice_each_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LENET_LOCK", str(tmp_path / "lock"))
    sentence = rf"under way on this machine \(process {os.getpid()}, since "
    with machine_lock(), pytest.raises(LenetError, match=sentence), machine_lock():
        pass
    with machine_lock():
        pass


def test_a_lock_that_cannot_be_had_is_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LENET_LOCK", "/proc/none/lock")
    with pytest.raises(LenetError, match="lock /proc/none/lock cannot be taken"), machine_lock():
        pass
