"""Old code counts as the new where evidence says that they train the same, and nowhere else."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from bench.base.settings import Settings
from bench.training import equivalent_code, selection, store
from bench.training.equivalent_code import Equivalence, add, reachable, read, same_code
from made_up_runs import made


def entry(old: str, new: str, **fields: Any) -> Equivalence:
    values: dict[str, Any] = {
        "module": "impls.pytorch.eager",
        "label": "pytorch:eager",
        "precision": "fp32",
        "old": old,
        "new": new,
        "old_commit": "0123",
        "date": "2026-01-01T00:00:00+00:00",
        "machine": "Abacus",
        "seed": 0,
        "epochs": 10,
        "data_fingerprint": "cifar10-x",
        "versions": {},
        "old_result": "same",
        "new_result": "same",
    }
    return Equivalence(**values | fields)


def test_a_chain_of_entries_is_followed_for_its_own_variant_and_precision() -> None:
    chain = (entry("a", "b"), entry("b", "c"), entry("c", "d", precision="bf16"), entry("c", "e", label="flax:jit"))
    assert reachable("a", "pytorch:eager", "fp32", chain) == {"a", "b", "c"}
    assert reachable("c", "pytorch:eager", "bf16", chain) == {"c", "d"}


def test_a_list_comes_back_and_results_that_differ_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "list.json"
    add(path, [entry("a", "b")])
    add(path, [entry("b", "c"), entry("a", "b", seed=1)])
    assert [(each.old, each.seed) for each in read(path)] == [("a", 1), ("b", 0)]
    content = json.loads(path.read_text())
    content["entries"][0]["new_result"] = "other"
    path.write_text(json.dumps(content))
    with pytest.raises(ValueError, match="lists a and b as equal, and their results differ"):
        read(path)


def test_stored_runs_of_equivalent_code_count(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    store.save(settings, made(code="old"))
    assert store.find(settings, made(code="new")) == (None, "its code has changed since")
    monkeypatch.setattr(equivalent_code, "_listed", lambda: [entry("old", "new")])
    assert same_code("old", "new", "pytorch:eager", "fp32")
    assert store.find(settings, made(code="new")) == (made(code="old"), "")
    assert store.find(settings, made(code="planted"))[0] is None
    both = selection.largest([made(code="old"), made(seed=1, code="new")])
    assert len(both.runs) == 2
    assert not both.left_out
    assert selection.largest([made(code="planted"), made(seed=1, code="new")]).left_out
