"""The page of all machines has the headline of each device and links to the rest."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bench.base.settings import Settings
from bench.report.publish import publish_markdown
from bench.report.tables.cells import NOTHING
from bench.training import store as stored_runs
from committed import copy_committed
from made_up_results import row, store
from markdown_page import seen
from paired_runs import BASE, FLAX, TWIN


def put(folder: Path, machine: str, name: str, *rows: dict[str, object], **top: object) -> None:
    (folder / machine).mkdir(parents=True, exist_ok=True)
    store(folder / machine / f"{name}.json", *rows, **top)


def page_of(results: Path) -> str:
    publish_markdown(results)
    return (results / "README.md").read_text()


def test_there_is_one_headline_a_device_and_precision_and_parameters_once(tmp_path: Path) -> None:
    for precision in ("fp32", "bf16"):
        rows = [row(kind, precision=precision) for kind in ("agreement", "first epoch", "epoch", "training")]
        put(tmp_path, "abacus", precision, *rows)
    put(tmp_path, "sundial", "a", row("epoch", device_name="Sundial"), row("agreement", device_name="Sundial"))
    found = seen(page_of(tmp_path))
    assert found.headings == ["Results", "Abacus, 2 cores", "Sundial", "How to read the tables", "Parameters"]
    assert found.links == ["abacus/README.md", "sundial/README.md"]
    fp32, bf16, sundial, parameters = found.tables
    assert fp32[0] == [
        *("variant", "agreement", "epoch, s", "spread, s", "× flax:jit", "× flax:scan"),
        *("first epoch, s", "accuracy after 1", "accuracy at the end"),
    ]
    assert fp32[1][:6] == [
        *("pytorch:eager", "equivalent", "2.90", "2.80–3.00 (4)"),
        *("0.400 (0.300–0.500)", "0.100 (one pair)"),
    ]
    assert bf16[0] == fp32[0]
    assert sundial[0] == fp32[0][:6], "columns of nothing are left out"
    assert parameters[1] == ["conv1.bias", "6"]


def test_accuracy_over_seeds_is_a_line(settings: Settings) -> None:
    real = replace(settings, synthetic=0)
    for run in (*BASE, *TWIN, *FLAX):
        stored_runs.save(real, run)
        stored_runs.save(real, replace(run, recipe="lecture-100"))
    page = page_of(settings.results)
    [line] = [each for each in page.splitlines() if each.startswith("- ")]
    assert line == (
        "- fp32, accuracy at the end over 3 seeds, %: pytorch:eager 46.00 (43.52–48.48). Less that, in points: "
        "flax:jit +0.20 (-0.05 to +0.45), equivalent."
    )


def test_how_many_warnings_there_are_is_said(tmp_path: Path) -> None:
    put(tmp_path, "abacus", "a", row("epoch", warnings=["there is no probe"]))
    assert "\n- fp32, seed 0: 1 warning on its page says what was not steady.\n" in page_of(tmp_path)
    put(tmp_path, "abacus", "a", row("epoch"))
    assert "on its page says" not in page_of(tmp_path)


def test_a_machine_without_real_times_has_its_link(tmp_path: Path) -> None:
    put(tmp_path, "abacus", "a", row("epoch", data_fingerprint="synthetic-x"))
    page = page_of(tmp_path)
    assert (
        "## Abacus, 2 cores\n\n[All tables of abacus](abacus/README.md)\n\nNothing was timed here on real data" in page
    )
    assert "2.90" not in page


def test_a_run_whose_variants_the_table_has_is_on_the_machines_page_alone(tmp_path: Path) -> None:
    put(tmp_path, "abacus", "a", row("epoch"), row("epoch", "flax:jit"))
    put(tmp_path, "abacus", "b", row("epoch"), row("training"), datetime="2026-01-02T03:04:05")
    page = page_of(tmp_path)
    assert page.count("**fp32, seed 0**") == 1
    assert "another run" not in page
    assert "another run of 2026-01-02 03:04" in (tmp_path / "abacus" / "README.md").read_text()


def test_no_row_and_no_table_of_the_committed_pages_has_no_figure(tmp_path: Path) -> None:
    names = copy_committed(tmp_path)
    pages = [tmp_path / name for name in names if name.startswith("results/") and name.endswith("README.md")]
    assert pages
    for page in pages:
        for table in seen(page.read_text()).tables:
            assert not _empty(table), page


@pytest.mark.parametrize("table", [[["a", "b"]], [["a", "b"], ["x", "–"]], [["a", "b", "c"], ["x", "1", ""]]])
def test_such_a_table_is_found(table: list[list[str]]) -> None:
    assert _empty(table)
    assert not _empty([["a", "b"], ["x", "1"]])


def _empty(table: list[list[str]]) -> bool:
    """Whether a table, a row of it or a column says nothing beside its name."""
    body = table[1:]
    rows = [row[1:] for row in body]
    columns = list(zip(*rows, strict=True))
    return not body or any(set(cells) <= {"", NOTHING} for cells in (*rows, *columns))
