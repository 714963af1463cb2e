"""What became slower is found, what did not is not, and what cannot be compared is refused in a sentence."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from conftest import Run as RunCommand
from made_up_results import Row, content, row, run_rows, store, timed
from rich.console import Console

from bench.change import FASTER, MEASURES, NOT_JUDGED, SAME, SLOWER, Figure, block_logs, holm
from bench.comparison import Comparison, compare
from bench.report.comparison import change_text, conclusion, remarks, show
from bench.report.load import Run, load
from impls.errors import LenetError

EPOCH = next(measure for measure in MEASURES if measure.name == "epoch")


def made_up(rows: list[Row], name: str = "a") -> Run:
    return Run(Path(f"{name}.json"), "2026-01-01", "0123456789", rows, [], 2, None, True, [])


def compared(old: list[Row], new: list[Row]) -> Comparison:
    return compare(made_up(old, "old"), made_up(new, "new"))


def verdicts(found: Comparison) -> dict[tuple[str, str], str]:
    return {(figure.label, figure.measure.name): figure.verdict for figure in found.figures}


def figure(found: Comparison, label: str, name: str) -> Figure:
    return next(each for each in found.figures if (each.label, each.measure.name) == (label, name))


# --- what is found ----------------------------------------------------------------------------------------------


def test_by_hand() -> None:
    """Blocks of 2 and 8 over 1 and 4: log quotients 0.5 (log 2 + log 2) - log 1.5 and log 8 - log 4."""
    record = row("epoch", epoch_seconds=[2.0, 2.0, 8.0], control_seconds=[1.0, 2.0, 4.0], blocks=[5, 5, 3])
    assert block_logs(EPOCH, record) == pytest.approx([np.log(2 / 1.5), np.log(2)])


def test_welch_by_hand() -> None:
    """Two blocks a side: means 0 and 1 of logs, standard error sqrt(0.02 / 2 + 0.02 / 2), two degrees of freedom."""
    sides = []
    for centre in (0.0, 1.0):
        seconds = [float(np.exp(centre - 0.1)), float(np.exp(centre + 0.1))]
        sides.append([row("epoch", epoch_seconds=seconds, control_seconds=[1.0, 1.0], blocks=[0, 1])])
    [found] = compared(*sides).figures
    half = 4.302653 * np.sqrt(0.02)
    assert found.change == pytest.approx(np.e - 1)
    assert found.low == pytest.approx(np.exp(1 - half) - 1, rel=1e-5)
    assert found.high == pytest.approx(np.exp(1 + half) - 1, rel=1e-5)


def test_a_latency_belongs_to_the_block_at_its_place() -> None:
    latency = MEASURES[-1]
    record = row(
        "evaluation", latency_seconds_batch_100=[2.0, 8.0], control_seconds=[4.0, 4, 1, 1], blocks=[3, 3, 1, 1]
    )
    assert block_logs(latency, record) == pytest.approx([np.log(0.5), np.log(8)])


def test_a_slower_epoch_is_found_and_nothing_else() -> None:
    found = compared(run_rows(1, blocks=8), run_rows(2, blocks=8, epoch=1.2))
    slower = {key for key, verdict in verdicts(found).items() if verdict == SLOWER}
    assert slower == {("pytorch:eager", "epoch"), ("flax:jit", "epoch")}
    assert set(verdicts(found).values()) == {SLOWER, SAME}
    change = figure(found, "flax:jit", "epoch")
    assert change.change == pytest.approx(0.2, abs=0.05)
    assert change.low is not None
    assert change.high is not None
    assert change.low < 0.2 < change.high
    assert len(found.slower_than(10)) == 2
    assert not found.slower_than(50)


@pytest.mark.parametrize("what", ["start", "first", "epoch", "evaluation", "latency"])
def test_what_is_faster_is_found(what: str) -> None:
    factors: dict[str, Any] = {what: 0.8}
    found = compared(run_rows(3, blocks=8), run_rows(4, blocks=8, **factors))
    names = {"start": "start-up", "first": "first epoch", "latency": "latency, batch 1"}
    assert figure(found, "flax:jit", names.get(what, what)).verdict == FASTER
    assert not found.slower_than(0)


def test_a_machine_twice_as_slow_changes_nothing() -> None:
    found = compared(run_rows(5, blocks=8), run_rows(6, blocks=8, machine=2.0))
    assert set(verdicts(found).values()) == {SAME}
    assert found.control == pytest.approx(2, rel=0.2)
    epoch = figure(found, "flax:jit", "epoch")
    assert epoch.old is not None
    assert epoch.new == pytest.approx(2 * epoch.old, rel=0.3)


def test_the_change_needed_is_where_the_verdict_turns() -> None:
    """The same noise around a change just below and just above it."""
    rng = np.random.default_rng(7)
    old, new = timed(rng)[1], timed(rng)[1]
    [same] = compared([old], [new]).figures
    assert same.needed is not None
    assert same.change is not None
    for factor, verdict in ((0.999, SAME), (1.001, SLOWER)):
        scale = (1 + same.needed) / (1 + same.change) * factor
        scaled = new | {"epoch_seconds": [scale * seconds for seconds in new["epoch_seconds"]]}
        [found] = compared([old], [scaled]).figures
        assert found.verdict == verdict
        assert found.needed == pytest.approx(same.needed)


def test_two_blocks_that_are_far_apart_leave_everything_open() -> None:
    sides = [[row("epoch", epoch_seconds=[1.0, x], control_seconds=[1.0, 1.0], blocks=[0, 1])] for x in (9.0, 1.01)]
    found = compared(*sides)
    assert set(verdicts(found).values()) == {SAME}
    assert change_text(found.figures[0]).endswith(" to any)")
    assert "by more than any amount (any amount at worst) here" in conclusion(found)


# --- noise ------------------------------------------------------------------------------------------------------

PAIRS = 1000
LABELS = ("pytorch:eager", "pytorch:compile", "flax:jit", "flax:scan")


def false_alarms(rounds_for_the_unit: bool) -> int:
    """In how many pairs of runs of the same thing some epoch is called slower or faster."""
    rng, alarms = np.random.default_rng(0), 0
    for _ in range(PAIRS):
        runs = []
        for _ in range(2):
            epochs = [timed(rng, label)[1] for label in LABELS]
            if rounds_for_the_unit:  # the planted defect: every round passes for a block of its own
                epochs = [each | {"blocks": list(range(len(each["blocks"])))} for each in epochs]
            runs.append(epochs)
        alarms += bool({SLOWER, FASTER} & set(verdicts(compared(*runs)).values()))
    return alarms


# Of 1000 pairs, 1 % are 10, and three standard deviations of that binomial number are 9.4.
MOST_ALARMS = 19


def test_runs_of_the_same_thing_are_told_apart_once_in_a_hundred_times_at_most() -> None:
    assert false_alarms(rounds_for_the_unit=False) <= MOST_ALARMS


def test_rounds_for_the_unit_would_not_hold_that() -> None:
    assert false_alarms(rounds_for_the_unit=True) > MOST_ALARMS


def test_holm_by_hand() -> None:
    """At 5 %: 0.01 is held against 0.0125, 0.013 against 0.0167, 0.03 against 0.025, where it stops."""
    assert holm([0.03, 0.01, 0.04, 0.013], 0.05) == [False, True, False, True]
    assert holm([], 0.05) == []


# --- what is not judged -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"control_seconds": None}, "new run: no control"),
        ({"blocks": [0, 0, 0, 0]}, "new run: only 1 block"),
        ({"epoch_seconds": [0.0, 1.0, 1.0, 1.0]}, "new run: a time of 0 s"),
        ({"epoch_seconds": [2.0] * 4, "control_seconds": [1.0] * 4}, "blocks without any noise"),
        ({"epoch_seconds": None}, "new run: not measured"),
    ],
)
def test_what_cannot_be_judged_says_why(change: Row, reason: str) -> None:
    new = {key: value for key, value in (row("epoch") | change).items() if value is not None}
    [found] = compared([row("epoch")], [new]).figures
    assert (found.verdict, found.reason, found.p) == (NOT_JUDGED, reason, None)


def test_a_latency_that_some_block_lacks_is_not_judged() -> None:
    """Which block it lacks is not known, so neither is which control it belongs to."""
    found = compared([row("evaluation")], [row("evaluation", latency_seconds_batch_1=[2e-4])])
    assert figure(found, "pytorch:eager", "latency, batch 1").reason == "new run: missing in a block"
    assert figure(found, "pytorch:eager", "latency, batch 100").verdict == SAME


def test_what_is_not_judged_does_not_count_into_the_family() -> None:
    lone = [row("epoch", f"flax:v{n}", blocks=[0, 0, 0, 0]) for n in range(50)]
    old, new = [timed(np.random.default_rng(n), epoch=factor)[1] for n, factor in ((1, 1.0), (2, 1.3))]
    alone, among = compared([old], [new]), compared([old, *lone], [new, *lone])
    assert len(among.figures) == 51
    assert among.judged == alone.judged
    assert among.judged[0].verdict == SLOWER


def test_rows_of_one_run_changed_verdicts_and_lost_rows_are_told() -> None:
    old = made_up([row("epoch"), row("training"), row("agreement", "flax:jit")])
    different = {"verdict": "different", "first_failed_rung": "loss"}
    new = made_up([row("epoch", **different), row("agreement", "flax:jit"), row("evaluation", "flax:jit")])
    new.lost.append({"name": "test_epoch[flax:jit]", "outcome": "failed", "reason": "It crashed."})
    new.warnings.append("other programs were using 1.5 cores")
    found = compare(old, new)
    assert found.only_old == [("pytorch:eager", "training")]
    assert found.only_new == [("flax:jit", "evaluation")]
    assert found.verdict_changed == [("pytorch:eager", "epoch")]
    assert remarks(found) == [
        "Only in the old run: pytorch:eager training.",
        "Only in the new run: flax:jit evaluation.",
        "Agreement changed: pytorch:eager epoch: equivalent → different (loss).",
        "Not measured in the new run: test_epoch[flax:jit]: It crashed.",
        "Of the new run: other programs were using 1.5 cores.",
    ]


# --- what is refused --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"device_name": "Slide rule"}, "device_name (Abacus, 2 cores and Slide rule)"),
        ({"device": "cuda"}, "device (cpu and cuda)"),
        ({"precision": "bf16"}, "precision (fp32 and bf16)"),
        ({"threads": 4}, "threads (2 and 4)"),
        ({"batch_size": 200}, "batch_size (100 and 200)"),
        ({"data_fingerprint": "synthetic-y"}, "data_fingerprint (cifar10-x and synthetic-y)"),
        ({"quick": True}, "quick (False and True)"),
        ({"seed": 1}, "seed (0 and 1)"),
        ({"versions": {"python": "3.11.7", "numpy": "2.5.0"}}, "numpy (2.4.6 and 2.5.0), torch (2.14.1 and not rec"),
        ({"threads": 4, "seed": 1}, "threads (2 and 4), seed (0 and 1)"),
    ],
)
def test_other_conditions_are_refused_with_both_values(change: Row, named: str) -> None:
    rows = run_rows(1)
    with pytest.raises(LenetError, match="cannot be compared, for they differ in") as error:
        compared(rows, [each | change for each in rows])
    assert named in str(error.value)


def test_versions_of_what_only_one_run_has_do_not_matter() -> None:
    jax = {"python": "3.12.1", "jax": "0.10.2"}
    found = compared([row("epoch")], [row("epoch"), row("epoch", "flax:jit", versions=jax)])
    assert found.only_new == [("flax:jit", "epoch")]


def test_a_run_without_rows_is_refused() -> None:
    with pytest.raises(LenetError, match=r"new.json has no finished measurement"):
        compared([row("epoch")], [])


# --- the command line -------------------------------------------------------------------------------------------


def test_it_is_shown(tmp_path: Path) -> None:
    rows = run_rows(2, blocks=8, epoch=1.3, machine=2.0)
    old = load(store(tmp_path / "old.json", *run_rows(1, blocks=8)))
    new = load(store(tmp_path / "new.json", *rows, commit_info={"id": "fedcba9876543210", "dirty": True}))
    written = io.StringIO()
    show(found := compare(old, new), Console(file=written, width=80, emoji=False))
    text = written.getvalue()
    for part in ("commit 0123456789", "commit fedcba9876+changes", "pytorch:eager, equivalent", "latency, batch 100"):
        assert part in text
    for each in found.figures:
        assert change_text(each) in text
    assert text.count(" beyond noise") == 10  # nothing is cut short at 80 columns
    assert "Both runs are of the same code." in text
    assert conclusion(found).startswith("Of 12 figures judged, 2 became slower and 0 faster. To be told from noise, ")
    assert "times as long in the new run: that is the machine's doing" in " ".join(text.split())


def test_the_exit_code_is_1_for_what_is_slower_by_more_than_asked_for(run: RunCommand, tmp_path: Path) -> None:
    old = store(tmp_path / "old.json", *run_rows(1, blocks=8))
    new = store(tmp_path / "new.json", *run_rows(2, blocks=8, epoch=1.2))
    for options, code in (([], 0), (["--fail-over", "10"], 1), (["--fail-over", "50"], 0)):
        done = run("bench.cli", "compare", str(old), str(new), *options)
        assert done.returncode == code, done.stderr
        assert "slower" in done.stdout
    faster = run("bench.cli", "compare", str(new), str(old), "--fail-over", "0")
    assert faster.returncode == 0, faster.stderr
    assert "faster" in faster.stdout


def broken(tmp_path: Path, what: str) -> Path:
    path = tmp_path / f"{what}.json"
    text = json.dumps(content(row("epoch")))
    texts: dict[str, Any] = {
        "truncated": text[: len(text) // 2],
        "schema-99": text.replace('"schema": 2', '"schema": 99'),
        "other": json.dumps(content(row("epoch", threads=4))),
    }
    if what in texts:
        path.write_text(texts[what])
    return path


@pytest.mark.parametrize(
    ("what", "options", "sentence"),
    [
        ("truncated", [], "truncated.json is not a readable results file (JSONDecodeError"),
        ("missing", [], "missing.json is not a readable results file (FileNotFoundError"),
        ("schema-99", [], "schema-99.json has results of schema 99, this version reads 1 and 2."),
        ("other", [], "differ in threads (2 and 4); measure both under the same conditions."),
        ("good", ["--fail-over", "-5"], "--fail-over -5 is no percentage; give 0 or more."),
        ("good", ["--fail-over", "nan"], "--fail-over nan is no percentage; give 0 or more."),
    ],
)
def test_wrong_input_is_a_sentence(
    run: RunCommand, tmp_path: Path, what: str, options: list[str], sentence: str
) -> None:
    good = store(tmp_path / "good.json", row("epoch"))
    done = run("bench.cli", "compare", str(good), str(broken(tmp_path, what)), *options)
    assert done.returncode == 2
    assert sentence in done.stderr
    assert done.stderr.startswith("error: ")
    assert done.stderr.count("\n") == 1
    assert not done.stdout


def test_a_limit_on_nothing_is_no_success(run: RunCommand, tmp_path: Path) -> None:
    """A run of one block in CI would else pass for ever."""
    path = store(tmp_path / "a.json", row("epoch", blocks=[0, 0, 0, 0]))
    done = run("bench.cli", "compare", str(path), str(path), "--fail-over", "10")
    assert done.returncode == 2
    assert "old run: only 1 block" in done.stdout
    assert (
        done.stderr == "error: --fail-over has nothing to go by, for no figure could be judged; the table says why.\n"
    )
