"""Two runs are compared only if made under the same conditions, and the machine's own speed does not count."""

from __future__ import annotations

import pytest

from bench.report.terminal.comparison import remarks
from bench.stats.change import SAME
from impls.errors import LenetError
from made_up_comparisons import compared, figure, verdicts
from made_up_results import Row, row, run_rows


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
