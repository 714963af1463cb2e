"""Lockstep is timed for every number of seeds, stored after each, and what is stored is not timed again."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bench.base.settings import Settings
from bench.visit import lockstep
from impls import registry

pytestmark = pytest.mark.usefixtures("importable_fakes")


@pytest.fixture
def asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setattr(lockstep, "REPLICAS", (1, 2))
    choices = [registry.choices(name)[0] for name in ("many:TrainsMany", "fakes:Sound", "fakes:CannotBeMade")]
    return Settings.checked(choices, device="cpu", threads=1, timeout=60, results=tmp_path, synthetic=400)


def test_seconds_are_of_all_seeds_together_and_what_cannot_is_said(asked: Settings, tmp_path: Path) -> None:
    path = tmp_path / "lockstep.json"
    found = lockstep.measure(asked, path)
    own = found["many:TrainsMany"]
    assert list(own) == ["1", "2"]
    for each in own.values():
        assert each["first_epoch_seconds"] > 0
        assert len(each["epoch_seconds"]) == lockstep.EPOCHS
        assert min(each["epoch_seconds"]) > 0
    assert found["fakes:Sound"] == {"reason": "it does not train several seeds at once"}
    assert "no chip found" in found["fakes:CannotBeMade"]["reason"]
    stored = json.loads(path.read_text())
    assert stored["variants"] == found
    assert (stored["precision"], stored["made_up_images"]) == ("fp32", 400)


def test_what_is_stored_is_not_measured_again(asked: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "lockstep.json"
    measured: list[int] = []

    def timed(subject: object, replicas: int) -> dict[str, float]:
        measured.append(replicas)
        if len(measured) == 2:
            raise KeyboardInterrupt
        return {"epoch_seconds": [0.1]}

    monkeypatch.setattr(lockstep, "_timed", timed)
    with pytest.raises(KeyboardInterrupt):
        lockstep.measure(asked, path)
    assert list(json.loads(path.read_text())["variants"]["many:TrainsMany"]) == ["1"]
    lockstep.measure(asked, path)
    assert measured == [1, 2, 2]


@pytest.mark.parametrize(("seconds", "tried"), [(1.0, ["1", "2", "8"]), (4.0, ["1", "2"])])
def test_more_seeds_are_not_tried_once_their_epoch_would_take_too_long(
    asked: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seconds: float, tried: list[str]
) -> None:
    monkeypatch.setattr(lockstep, "REPLICAS", (1, 2, 8))
    monkeypatch.setattr(lockstep, "_timed", lambda subject, replicas: {"epoch_seconds": [9.0, seconds]})
    path = tmp_path / "lockstep.json"
    own = lockstep.measure(asked, path)["many:TrainsMany"]
    assert [key for key in own if key != "reason"] == tried
    if seconds == 4.0:
        assert own["reason"] == "an epoch of 2 seeds took 4 s; one of 8 would take over 15 s"
    assert lockstep.measure(asked, path)["many:TrainsMany"] == own
