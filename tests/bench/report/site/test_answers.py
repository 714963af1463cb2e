"""The first sentences say what the measurements say, and no more."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from bench.report.site.answers import answers, measured
from bench.report.site.rows import AS_WRITTEN, AT_BEST, Part, part
from bench.results.load import devices, read_run
from bench.training.paired import arranged
from bench.training.selection import Section
from made_up_results import row, run_rows, store, timed
from paired_runs import BASE, FLAX, TWIN


def made_up(tmp_path: Path, *rows: dict) -> Part:
    run = read_run(store(tmp_path / "x.json", *rows))
    assert run
    return part("here", devices([run])[0], [Section([*BASE], [])], tmp_path / "index.html")


def said(found: Part, question: str, **more: object) -> str:
    shown = answers(found, more.get("accuracies"), None)  # type: ignore[arg-type]
    return " ".join(" ".join(answer.sentences) for answer in shown if question in answer.question)


def two(factor: float, **more: object) -> list[dict]:
    rng = np.random.default_rng(1)
    return [*timed(rng, "pytorch:eager", **more), *timed(rng, "flax:jit", epoch=factor, **more)]


def test_the_faster_one_is_named_with_its_interval(tmp_path: Path) -> None:
    text = said(made_up(tmp_path, *two(3.0)), "as people write it")
    assert text.startswith("PyTorch (eager, ")
    assert " times as fast as Flax (jit, " in text
    assert "95\N{NO-BREAK SPACE}% interval" in text


def test_what_cannot_be_told_apart_is_said_so(tmp_path: Path) -> None:
    text = said(made_up(tmp_path, *two(1.0)), "as people write it")
    assert "cannot be told apart" in text
    assert "times as fast" not in text


def test_one_pair_has_no_interval_and_says_so(tmp_path: Path) -> None:
    assert "one pair: no interval" in said(made_up(tmp_path, *two(3.0, blocks=1)), "as people write it")


def test_a_variant_that_differs_is_never_called_the_best(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    rows = [*timed(rng, "pytorch:eager"), *timed(rng, "flax:jit", epoch=3.0)]
    wrong = [
        each | {"verdict": "different", "first_failed_rung": "loss"} for each in timed(rng, "flax:tuned", epoch=0.1)
    ]
    found = made_up(tmp_path, *rows, *wrong)
    assert AT_BEST not in found.row("flax:tuned").styles
    assert found.row("flax:jit").styles == (AS_WRITTEN, AT_BEST)
    assert "tuned" not in said(found, "at its best")
    assert said(found, "same computation") == (
        "Not all of them: flax:tuned: different (loss). Equivalent: pytorch:eager, flax:jit."
    )


def test_all_that_is_as_fast_as_the_best_is_at_its_best(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    rows = [each for label in ("pytorch:eager", "pytorch:lecture") for each in timed(rng, label)]
    found = made_up(tmp_path, *rows, *timed(rng, "pytorch:tuned", epoch=4.0))
    assert [AT_BEST in found.row(f"pytorch:{name}").styles for name in ("eager", "lecture", "tuned")] == [
        True,
        True,
        False,
    ]


def test_accuracies_come_with_interval_and_verdict(tmp_path: Path) -> None:
    found = made_up(tmp_path, *run_rows(0))
    text = said(found, "learn equally", accuracies=arranged([*BASE, *TWIN, *FLAX]))
    assert "pytorch:eager ends at 46.00 (" in text
    assert "equivalent at ±1.0 points: flax:jit +0.20 (" in text
    assert said(found, "learn equally", accuracies=None) == ""


def test_where_and_when_it_was_measured_is_said(tmp_path: Path) -> None:
    text = measured(made_up(tmp_path, *run_rows(0)))
    assert text == (
        "Measured on Abacus, 2 cores, fp32, on 2026-01-01, commit 0123456789: python 3.11.7, numpy 2.4.6, torch 2.14.1."
    )


@pytest.mark.parametrize("kind", ["agreement", "training"])
def test_a_run_that_timed_nothing_has_no_answer_on_speed(tmp_path: Path, kind: str) -> None:
    assert said(made_up(tmp_path, row(kind)), "faster") == ""
