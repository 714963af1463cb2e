"""Energy is read without adding to what is measured, and a failed reading costs this figure alone."""

from __future__ import annotations

import re
import sys
import time
from pathlib import Path

import pytest

from bench.base.nvidia import VISIBLE, MeterError
from bench.worker import energy, side_measurements
from made_up_driver import Driver
from other_devices import AbacusProbe


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


def test_a_reading_that_fails_later_is_an_error_of_the_meter(tmp_path: Path) -> None:
    package(tmp_path, "intel-rapl:0", 1)
    joules = energy.rapl_meter(tmp_path)
    assert joules
    (tmp_path / "intel-rapl:0" / "energy_uj").unlink()
    with pytest.raises(MeterError, match="the processor's energy could not be read"):
        joules()


# --- the GPU's ------------------------------------------------------------------------------------------------


@pytest.fixture
def driver(monkeypatch: pytest.MonkeyPatch) -> Driver:
    monkeypatch.delenv(VISIBLE, raising=False)
    found = Driver()
    monkeypatch.setitem(sys.modules, "pynvml", found)
    return found


def test_a_gpus_energy_is_in_joules_and_a_reading_is_one_question(driver: Driver) -> None:
    joules = energy.meter("cuda")
    assert joules
    driver.asked.clear()
    before = joules()
    driver.millijoules = 6_500
    assert joules() - before == pytest.approx(1.5)
    assert driver.asked == ["energy", "energy"], "the driver is neither opened nor closed between them"


@pytest.mark.parametrize(
    ("later", "sentence"),
    [
        (None, "the GPU's energy could not be read (GPU is lost)"),
        (4_000, "the energy counter went backwards, by 1 J"),
    ],
)
def test_a_failed_reading_is_no_energy_of_0(
    driver: Driver, monkeypatch: pytest.MonkeyPatch, later: int | None, sentence: str
) -> None:
    monkeypatch.setattr(side_measurements, "ENERGY_SECONDS", 0.001)
    meter = energy.meter("cuda")

    def train_epoch() -> None:
        driver.millijoules = later

    with pytest.raises(MeterError, match=re.escape(sentence)):
        side_measurements.energy(meter, train_epoch)


def test_a_known_energy_is_found_per_epoch(driver: Driver, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(side_measurements, "ENERGY_SECONDS", 0.001)
    meter = energy.meter("cuda")

    def train_epoch() -> None:
        assert driver.millijoules
        driver.millijoules += 2_000
        time.sleep(0.0001)

    assert side_measurements.energy(meter, train_epoch) == {"energy_joules": pytest.approx(2.0)}


def test_a_meter_that_is_not_there_gives_no_figure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pynvml", Driver([]))
    assert energy.meter("cuda") is None
    assert side_measurements.energy(None, lambda: None) == {}


class Silent(AbacusProbe):
    def device_name(self) -> str | None:
        return None

    def energy_joules(self) -> float | None:
        return None


def test_where_a_probe_names_the_device_nvidias_driver_is_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    monkeypatch.setattr(energy.nvidia, "energy_meter", lambda: asked.append("nvml"))
    joules = energy.meter("cuda", AbacusProbe())
    assert joules is not None
    assert joules() > 0
    assert not asked
    energy.meter("cuda", Silent())
    assert asked == ["nvml"]
    assert energy.meter("chip", Silent()) is None
    assert energy.meter("chip") is None


def test_a_probe_that_stops_counting_costs_this_figure_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    joules = energy.meter("abacus:0", AbacusProbe())
    assert joules is not None
    monkeypatch.setattr(AbacusProbe, "energy_joules", lambda _: None)
    with pytest.raises(MeterError, match="the device's energy could not be read"):
        joules()
