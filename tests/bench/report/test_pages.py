"""The page of a machine is written from the stored files of its folder alone."""

from __future__ import annotations

from pathlib import Path

import pytest

import made_up_results
from bench.report.pages import read_runs, write_merged, write_page, write_pages
from impls.errors import LenetError
from made_up_schema_1 import EPOCH, FLAX, store


def test_what_was_not_steady_and_what_was_lost_is_on_the_page(tmp_path: Path) -> None:
    lost = [
        {"name": f"test_{kind}[x]", "outcome": "failed", "reason": "x fell over."} for kind in ("epoch", "training")
    ]
    store(tmp_path / "results", "a", "2026-01-01", EPOCH | {"warnings": ["there is no probe"]}, lost=lost)
    page = write_page(tmp_path / "results", "abacus").read_text()
    assert "- pytorch:eager, epoch: there is no probe." in page
    assert "not measured: test_epoch\\[x\\], test_training\\[x\\]: x fell over." in page


@pytest.mark.parametrize("content", ["", "{", "[]", '{"benchmarks": [{}]}', '{"benchmarks": 3}'])
def test_an_unreadable_file_is_named_and_left_out(
    tmp_path: Path, content: str, capsys: pytest.CaptureFixture[str]
) -> None:
    store(tmp_path, "good", "2026-01-01", EPOCH)
    (tmp_path / "abacus" / "bad.json").write_text(content)
    assert len(read_runs(tmp_path)) == 1
    assert "bad.json is not a results file of this suite (" in capsys.readouterr().err


def test_where_nothing_can_be_read_the_page_says_so(tmp_path: Path) -> None:
    store(tmp_path, "bad", "2026-01-01", EPOCH).write_text("{")
    assert "Nothing has been measured yet, or nothing of it can be read." in write_page(tmp_path, "abacus").read_text()


def test_a_page_is_of_its_own_folder(tmp_path: Path) -> None:
    """Two machines may have devices of one name."""
    store(tmp_path, "a", "2026-01-01", EPOCH, FLAX)
    (tmp_path / "abacus").rename(tmp_path / "other")
    store(tmp_path, "b", "2026-01-02", EPOCH)
    pages = write_pages(tmp_path)
    assert pages == [tmp_path / "abacus" / "README.md", tmp_path / "other" / "README.md"]
    abacus, other = (page.read_text() for page in pages)
    assert "flax:jit" not in abacus
    assert "[b.json](b.json)" in abacus
    assert "[a.json](a.json)" in other


def test_after_a_merge_only_pages_of_what_was_merged_are_written(tmp_path: Path) -> None:
    for folder in ("", "speed"):
        store(tmp_path / folder, "a", "2026-01-01", EPOCH)
    names = ["abacus/a.json", "abacus/runs/x.json", "speed/abacus/a.json", "lecture/abacus/x/run.json", "speed/x.json"]
    assert write_merged(tmp_path, names[:2]) == [tmp_path / "abacus" / "README.md"]
    assert write_merged(tmp_path, names[2:]) == [tmp_path / "speed" / "abacus" / "README.md"]
    assert write_merged(tmp_path, []) == []


def test_parameters_and_readings_are_on_the_page_once(tmp_path: Path) -> None:
    (tmp_path / "abacus").mkdir()
    for name, precision in (("a", "fp32"), ("b", "bf16")):
        rows = [made_up_results.row(kind, precision=precision) for kind in ("agreement", "epoch")]
        made_up_results.store(tmp_path / "abacus" / f"{name}.json", *rows)
    page = write_page(tmp_path, "abacus").read_text()
    assert page.count("### What it needs, and how near to the device's limit it comes") == 2
    for once in ("## Parameters", "| conv1.bias", "*Latency* is from NumPy in to NumPy out.", "## How to read"):
        assert page.count(once) == 1


def test_a_page_that_cannot_be_written_is_a_sentence(tmp_path: Path) -> None:
    store(tmp_path, "a", "2026-01-01", EPOCH)
    with pytest.raises(LenetError, match="`lenet-bench report .*abacus/a.json` tries again"):
        write_page(tmp_path / "abacus", "a.json")


def test_the_page_says_by_which_specification_its_verdicts_are(tmp_path: Path) -> None:
    folder = tmp_path / "abacus"
    folder.mkdir(parents=True)
    stated = {"spec": 2, "suite": "0.1.0", "code": "0123"}
    stores = (made_up_results.row("epoch", **stated), made_up_results.row("training", **stated))
    made_up_results.store(folder / "new.json", *stores)
    page = write_page(tmp_path, "abacus").read_text()
    assert "- specification 2, lenet-parity 0.1.0\n- code: pytorch:eager 0123\n" in page
    assert "specification 1" not in page
    (folder / "new.json").unlink()
    made_up_results.store(folder / "mixed.json", stores[0], made_up_results.row("evaluation"))
    assert "- specification 1 for those that state none\n" in write_page(tmp_path, "abacus").read_text()
    made_up_results.store(folder / "mixed.json", made_up_results.row("epoch"))
    assert "specification" not in write_page(tmp_path, "abacus").read_text()
