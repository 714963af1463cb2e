"""Two runs are compared only if made under the same conditions, and the machine's own speed does not count."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.report.terminal.comparison import remarks
from bench.results.load import load
from bench.results.repeats import folder_of, repeats_for
from bench.stats.change import NOT_JUDGED, SAME, SLOWER
from impls.errors import LenetError
from made_up_comparisons import compared, figure, made_up, verdicts
from made_up_results import Row, row, run_rows, store


def test_a_machine_twice_as_slow_changes_nothing() -> None:
    found = compared(run_rows(5, blocks=8), run_rows(6, blocks=8, machine=2.0))
    assert set(verdicts(found).values()) == {SAME}
    assert found.control == pytest.approx(2, rel=0.2)
    epoch = figure(found, "flax:jit", "epoch")
    assert epoch.old is not None
    assert epoch.new == pytest.approx(2 * epoch.old, rel=0.3)


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


def test_times_beside_another_control_are_refused() -> None:
    numpy = {"control": "NumPy loop"}
    with pytest.raises(LenetError, match=r"control \(PyTorch loop and NumPy loop\)"):
        compared([row("epoch")], [row("epoch", **numpy)])
    assert compared([row("epoch", **numpy)], [row("epoch", **numpy)]).figures


def test_versions_of_what_only_one_run_has_do_not_matter() -> None:
    jax = {"python": "3.12.1", "jax": "0.10.2"}
    found = compared([row("epoch")], [row("epoch"), row("epoch", "flax:jit", versions=jax)])
    assert found.only_new == [("flax:jit", "epoch")]


def test_another_environment_is_refused_and_named() -> None:
    old = [each | {"environment": {"OMP_NUM_THREADS": "2"}} for each in run_rows(1)]
    new = [each | {"environment": {"OMP_NUM_THREADS": "2", "NVIDIA_TF32_OVERRIDE": "0"}} for each in run_rows(1)]
    with pytest.raises(LenetError, match=r"differ in the environment's NVIDIA_TF32_OVERRIDE \(not set and 0\);"):
        compared(old, new)


def test_a_run_from_before_environments_were_recorded_is_compared_and_it_says_so() -> None:
    found = compared(run_rows(1), [each | {"environment": {"JAX_DISABLE_JIT": "1"}} for each in run_rows(1)])
    assert "Environment variables were not recorded in the old run, so they were not compared." in remarks(found)


def test_a_run_without_rows_is_refused() -> None:
    with pytest.raises(LenetError, match=r"new.json has no finished measurement"):
        compared([row("epoch")], [])


def test_two_files_alone_get_no_verdict_however_large_the_change() -> None:
    """Blocks of one run share what is the run's own; ten short repeats of one commit showed 1 to 2 % of it."""
    found = compared(run_rows(1, blocks=8), run_rows(2, blocks=8, epoch=2.0), [])
    assert set(verdicts(found).values()) == {NOT_JUDGED}
    assert not found.judged
    epoch = figure(found, "flax:jit", "epoch")
    assert epoch.low is not None
    assert epoch.low > 0.5  # the change and its interval are told all the same


def test_a_change_within_what_repeats_differ_by_is_none() -> None:
    apart = [made_up(run_rows(n, blocks=4, epoch=1 + 0.1 * (n % 3))) for n in range(10)]
    old, new = run_rows(1, blocks=8), run_rows(2, blocks=8, epoch=1.2)
    assert figure(compared(old, new), "flax:jit", "epoch").verdict == SLOWER
    found = compared(old, new, apart)
    assert figure(found, "flax:jit", "epoch").verdict == SAME
    assert "What chance alone does is from 10 repeated runs of one commit." in remarks(found)


def test_a_variant_that_no_repeat_has_is_not_judged_and_it_is_said() -> None:
    labels = ("pytorch:eager", "flax:scan")
    found = compared(run_rows(1, labels), run_rows(2, labels))
    assert {label for label, _ in verdicts(found) if figure(found, label, "epoch").verdict == NOT_JUDGED} == {
        "flax:scan"
    }
    assert any(
        text.startswith("Not judged, for the repeated runs have none of it: flax:scan") for text in remarks(found)
    )


def test_repeats_are_of_one_commit_and_of_the_runs_machine(tmp_path: Path) -> None:
    folder = tmp_path / "repeats" / "abacus"
    folder.mkdir(parents=True)
    (tmp_path / "abacus").mkdir()
    run = load(store(tmp_path / "abacus" / "new.json", row("epoch")))
    for number in range(3):
        store(folder / f"same-{number}.json", row("epoch", data_fingerprint="synthetic-x", quick=True))
    for number in range(2):
        store(folder / f"other-{number}.json", row("epoch"), commit_info={"id": "fedcba9876543210", "dirty": False})
    for number in range(4):
        store(folder / f"threads-{number}.json", row("epoch", threads=1))
    assert folder_of(run) == folder
    assert [each.path.name for each in repeats_for(run, folder)] == [f"same-{number}.json" for number in range(3)]
    assert repeats_for(run, tmp_path / "nowhere") == []
