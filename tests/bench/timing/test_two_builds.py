"""Two builds take turns in every block; a worker that cannot be talked to is a sentence before anything is timed."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from bench.base import builds
from bench.base.launch import OURS, Build
from bench.timing import two_builds
from bench.timing.block import BRIEF_ROUNDS
from bench.timing.two_builds import PairedBlock
from bench.worker.timed_epoch import Epoch
from bench.worker.variant import Subject
from impls.data.synthetic import synthetic_split
from impls.errors import LenetError
from subjects import settings

OLD, NEW = Build("the old one", Path("old")), Build("this code", Path("new"))
ASKED = settings("reference:float32", "reference:float64", blocks=2)
A, B = (choice.label for choice in ASKED.choices)


class Told:
    """A subject that trains nothing and tells what it is asked for."""

    calls: list[str]
    fails: Callable[[str, Build, str], None] = staticmethod(lambda label, build, what: None)

    def __init__(self, choice: Any, settings: Any, recipe: Any, cores: Any = None, build: Build = OURS) -> None:
        self.label, self.build = choice.label, build
        self.last = Epoch(1.0, np.ones(4, np.float32), 0, 0.0)
        self._do("start")
        self.info: dict[str, Any] = dict.fromkeys(("import_seconds", "start_seconds", "to_device_seconds"), 1.0)
        self.info |= {"variant": "x", "versions": {}, "code": "c0de", "data_fingerprint": "synthetic-x"}

    def _do(self, what: str) -> None:
        Told.calls.append(f"{what} {self.label} {'old' if self.build is OLD else 'new'}")
        Told.fails(self.label, self.build, what)

    def epoch(self) -> float:
        self._do("epoch")
        return 2.0 if self.build is OLD else 3.0

    def slice(self, steps: int) -> float:
        return 0.1

    def evaluate(self) -> tuple[float, float]:
        return 0.5, 0.25

    def params(self) -> dict[str, Any]:
        return {}

    def usual_read(self, pause: float) -> float:
        return 0.0

    def close(self) -> None:
        pass

    def __enter__(self) -> Told:
        return self

    def __exit__(self, *error: object) -> None:
        pass


class Bare:
    """A control that takes a second."""

    class control:  # noqa: N801  the name of an attribute of `BareProcess`
        name = "NumPy loop"

    def __init__(self, *args: Any, **kwargs: Any) -> None: ...

    def train(self, steps: int) -> float:
        Told.calls.append("control")
        return 1.0

    def __enter__(self) -> Bare:
        return self

    def __exit__(self, *error: object) -> None: ...


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the workers were asked for."""
    monkeypatch.setattr(two_builds, "Subject", Told)
    monkeypatch.setattr(two_builds, "BareProcess", Bare)
    Told.calls = []
    return Told.calls


def run(rounds: int | None = 2) -> list[PairedBlock]:
    kept: list[PairedBlock] = []
    train = synthetic_split("train", 400)
    found = two_builds.run(
        ASKED.choices, ASKED, (OLD, NEW), train, rounds=rounds, say=lambda what: None, on_block=kept.append
    )
    assert kept == found
    return found


def test_builds_take_turns_and_the_order_alternates(told: list[str]) -> None:
    first, second = run()
    half = len(told) // 2
    begin = [f"start {A} old", f"epoch {A} old", f"start {A} new", f"epoch {A} new"]
    assert told[:4] == begin
    assert told[half : half + 4] == begin[2:] + begin[:2]
    turn = ["control", *(f"epoch {label} {build}" for label in (A, B) for build in ("old", "new"))]
    swapped = ["control", *(f"epoch {label} {build}" for label in (A, B) for build in ("new", "old"))]
    assert told[half - 15 : half] == [*turn[::-1], *turn, *turn[::-1]]  # a warm-up and two rounds
    assert told[-15:] == [*swapped[::-1], *swapped, *swapped[::-1]]
    assert (first.first, second.first) == ("old", "new")


def test_a_block_keeps_what_counts_of_both_builds(told: list[str]) -> None:
    block, _ = run(rounds=3)
    assert block.old.courses[A].epoch_seconds == [2.0] * 3
    assert block.new.courses[A].epoch_seconds == [3.0] * 3
    assert block.new.courses[B].warmup_epoch_seconds == [3.0]
    assert block.new.control_seconds == [1.0] * 3
    assert block.apart == {A: 0.0, B: 0.0}
    assert PairedBlock.from_dict(json.loads(json.dumps(block.as_dict()))) == block


@pytest.mark.parametrize(("seconds", "rounds"), [(2.0, two_builds.ROUNDS), (0.1, BRIEF_ROUNDS)])
def test_a_block_of_short_epochs_has_more_of_them(
    told: list[str], monkeypatch: pytest.MonkeyPatch, seconds: float, rounds: int
) -> None:
    monkeypatch.setattr(Told, "epoch", lambda self: seconds)
    block, _ = run(rounds=None)
    assert len(block.old.courses[A].epoch_seconds) == len(block.new.control_seconds) == rounds


def test_a_variant_that_fails_in_one_build_is_left_out_of_the_next_block(
    told: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(label: str, build: Build, what: str) -> None:
        if (label, build, what) == (A, OLD, "epoch"):
            raise AttributeError("no such word")

    monkeypatch.setattr(Told, "fails", staticmethod(fails))
    first, second = run()
    assert two_builds.lost([first, second], A) == f"{A} of the old one: AttributeError: no such word"
    assert two_builds.lost([first, second], B) == ""
    assert list(second.new.courses) == [B]
    assert list(first.apart) == [B]


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (
            ModuleNotFoundError("No module named 'x'"),
            "The worker of the old one cannot be talked to (ModuleNotF",
        ),
        (TypeError("Epoch() takes 3 arguments"), "The worker of the old one cannot be talked to (TypeError: Epoch()"),
        (LenetError("it has no such variant."), f"{A} cannot be timed in the old one: it has no such variant."),
    ],
)
def test_a_worker_that_cannot_be_talked_to_is_a_sentence(
    told: list[str], monkeypatch: pytest.MonkeyPatch, error: Exception, sentence: str
) -> None:
    def fails(label: str, build: Build, what: str) -> None:
        if build is OLD:
            raise error

    monkeypatch.setattr(Told, "fails", staticmethod(fails))
    with pytest.raises(LenetError) as caught:
        two_builds.tried(ASKED.choices, ASKED, OLD, NEW, lambda what: None)
    assert str(caught.value).startswith(sentence)


def test_builds_that_train_on_other_data_are_refused(told: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    both = two_builds.tried(ASKED.choices, ASKED, OLD, NEW, lambda what: None)
    assert both[A]["old"] == both[A]["new"]

    class Other(Told):
        def __init__(self, *args: Any, **kwargs: Any) -> None:
            super().__init__(*args, **kwargs)
            self.info["data_fingerprint"] += self.build.name

    monkeypatch.setattr(two_builds, "Subject", Other)
    with pytest.raises(LenetError, match="The two builds train on other data"):
        two_builds.tried(ASKED.choices, ASKED, OLD, NEW, lambda what: None)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("self, choice: registry.Choice, device: str,", "self, device: str,", "cannot be timed in commit old: "),
        ('"variant": variant,', "", r"The worker of commit old cannot be talked to \(KeyError: 'variant'\)"),
    ],
)
def test_a_real_worker_of_another_form_is_a_sentence(tmp_path: Path, old: str, new: str, sentence: str) -> None:
    build = Build("commit old", builds.of_this_code(tmp_path).start)
    serve = tmp_path / "bench" / "worker" / "serve.py"
    text = serve.read_text()
    assert old in text
    serve.write_text(text.replace(old, new))
    with pytest.raises(LenetError, match=sentence):
        two_builds.tried(ASKED.choices[:1], ASKED, build, OURS, lambda what: None)


@pytest.mark.slow
def test_each_worker_runs_its_own_builds_code(tmp_path: Path) -> None:
    build = Build("commit old", builds.of_this_code(tmp_path).start)
    backend = tmp_path / "impls" / "reference" / "backend.py"
    backend.write_text(f"{backend.read_text()}\nraise RuntimeError('the old code')\n")
    with pytest.raises(LenetError, match="the old code"):
        Subject(ASKED.choices[0], ASKED, ASKED.recipe, build=build)
    with Subject(ASKED.choices[0], ASKED, ASKED.recipe) as ours:
        assert ours.epoch() > 0
