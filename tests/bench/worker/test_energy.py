"""A processor's energy is the sum over its packages, and is absent where it cannot be read."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.worker import energy


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
