"""``lenet-bench merge`` writes the pages of the machines that it added something to."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.cli.merge import merge
from committed import tree
from made_up_schema_1 import EPOCH, store


def test_only_the_pages_of_what_was_added_are_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    store(tmp_path / "results", "2026-01-01", "2026-01-01", EPOCH)
    (tmp_path / "results" / "abacus").rename(tmp_path / "results" / "sundial")
    store(tmp_path / "source", "2026-01-02", "2026-01-02", EPOCH)
    before = tree(tmp_path / "results")
    merge([tmp_path / "source"], tmp_path / "results")
    after = tree(tmp_path / "results")
    assert set(after) - set(before) == {"abacus/2026-01-02.json", "abacus/README.md"}
    page = tmp_path / "results" / "abacus" / "README.md"
    assert capsys.readouterr().out == f"added: 1 files\nTables: {page}\n"
    page.unlink()
    merge([tmp_path / "source"], tmp_path / "results")
    assert capsys.readouterr().out == "there already: 1 files\n"
    assert not page.exists()
