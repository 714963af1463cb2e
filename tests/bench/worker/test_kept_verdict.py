"""A baseline that is no variant of a run is checked once for the same code and conditions, and again for others."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from bench.base.settings import Settings
from bench.worker import kept_verdict
from bench.worker.kept_verdict import ensure_equivalent
from impls import registry
from impls.errors import LenetError
from subjects import settings

BASELINE = registry.choices("pytorch:eager")[0]


class Ladder:
    """Counts its climbs."""

    def __init__(self, asked: Settings, found: str = "equivalent", *, in_run: bool = False) -> None:
        self.settings, self.found, self.in_run, self.climbs = asked, found, in_run, 0
        self.expected = SimpleNamespace(fingerprint="some images")

    def verdict(self, label: str) -> str | None:
        return self.found if self.in_run else None

    def of(self, choice: Any) -> Any:
        self.climbs += 1
        return SimpleNamespace(verdict=self.found, first_failed_rung="optimizer")


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("LENET_DATA", str(tmp_path))
    monkeypatch.setattr(kept_verdict, "harness_digest", lambda: "this code")  # the real one takes a second
    return tmp_path / "verdicts"


def climbs(choice: registry.Choice = BASELINE, found: str = "equivalent", in_run: bool = False, **more: Any) -> int:
    ladder = Ladder(settings(choice.label, **more), found, in_run=in_run)
    ensure_equivalent(choice, ladder)  # type: ignore[arg-type]
    return ladder.climbs


def test_the_same_code_is_checked_once() -> None:
    assert [climbs(), climbs(), climbs()] == [1, 0, 0]


@pytest.mark.parametrize("changed", [{"seed": 1}, {"precision": "bf16"}], ids=["seed", "precision"])
def test_other_conditions_are_checked_again(changed: dict[str, Any]) -> None:
    climbs()
    assert climbs(**changed) == 1


def test_other_code_images_and_variables_are_checked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    climbs()
    monkeypatch.setattr(kept_verdict, "harness_digest", lambda: "other code")
    assert climbs() == 1
    monkeypatch.setenv("ATEN_CPU_CAPABILITY", "default")
    assert climbs() == 1
    monkeypatch.setattr(kept_verdict, "SPEC_VERSION", 99)
    assert climbs() == 1
    ladder = Ladder(settings(BASELINE.label))
    ladder.expected = SimpleNamespace(fingerprint="other images")
    ensure_equivalent(BASELINE, ladder)  # type: ignore[arg-type]
    assert ladder.climbs == 1


def test_what_is_not_equivalent_is_refused_and_not_kept(folder: Path) -> None:
    for _ in range(2):
        with pytest.raises(LenetError, match=r"pytorch:eager is different on the ladder of this run \(optimizer\)"):
            climbs(found="different")
    assert not list(folder.glob("*.json"))


def test_a_runs_own_verdict_goes_first() -> None:
    """The run has climbed already: `of` answers at once."""
    climbs()
    assert climbs(in_run=True) == 1


def test_nothing_is_kept_of_other_peoples_code(folder: Path) -> None:
    theirs = registry.choices("fakes:Sound")[0]
    assert [climbs(theirs), climbs(theirs)] == [1, 1]
    assert not folder.exists()


def test_older_verdicts_are_forgotten(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept_verdict, "KEPT", 2)
    for seed in range(4):
        climbs(seed=seed)
    assert len(list(folder.glob("*.json"))) == 2


def test_a_folder_that_cannot_be_used_costs_a_check_only(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(path: Path, content: str) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(kept_verdict.files, "write", full)
    assert [climbs(), climbs()] == [1, 1]
