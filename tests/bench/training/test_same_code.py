"""Old and new code are trained side by side, and only what agrees in every bit is evidence."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from bench.base.code_digest import code_digest
from bench.training.equivalent_code import Equivalence
from bench.training.same_code import compared, digest_in, stored_variants
from command import ROOT
from impls.errors import LenetError

EAGER = "impls/pytorch/eager.py"


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """A copy of the code as it is, to be changed."""
    for name in ("impls", "bench"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    return tmp_path


def compare(old: Path) -> Equivalence | None:
    return compared(old, "0123456789", "pytorch:eager", "fp32", seed=0, epochs=1, root="", synthetic=400)


def test_the_digest_of_a_folder_is_that_of_its_own_code(old: Path) -> None:
    assert digest_in(old, "impls.pytorch.eager") == code_digest("impls.pytorch.eager")
    (old / EAGER).write_text((old / EAGER).read_text() + "\nMORE = 1\n")
    assert digest_in(old, "impls.pytorch.eager") != code_digest("impls.pytorch.eager")


def test_code_that_did_not_change_needs_no_evidence(old: Path) -> None:
    assert compare(old) is None


@pytest.mark.slow
def test_code_that_only_looks_different_is_equal(old: Path) -> None:
    (old / EAGER).write_text((old / EAGER).read_text() + "\nMORE = 1\n")
    found = compare(old)
    assert found
    assert found.old_result == found.new_result
    assert found.old != found.new == code_digest("impls.pytorch.eager")


@pytest.mark.slow
def test_code_that_trains_otherwise_is_not(old: Path) -> None:
    text = (old / EAGER).read_text()
    changed = text.replace("eps=ADAM_EPSILON)", "eps=2 * ADAM_EPSILON)")
    assert changed != text
    (old / EAGER).write_text(changed)
    with pytest.raises(LenetError, match="pytorch:eager in fp32 does not train the same"):
        compare(old)


def test_every_variant_with_stored_runs_is_looked_at() -> None:
    labels = {"pytorch:eager", "pytorch:tuned", "flax:jit", "flax:tuned"}
    assert {label for label, _ in stored_variants(ROOT / "results")} == labels
