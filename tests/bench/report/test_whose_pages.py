"""What measures, trains or merges writes in the machine's own folders; only publishing writes the project's pages."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from bench.base.settings import Settings
from bench.report.pages import write_lecture_page, write_merged, write_page, write_pages
from bench.report.publish import publish_markdown
from committed import tree
from made_up_evidence import RISING, run
from made_up_schema_1 import EPOCH, store
from stored_lecture_runs import keep

MARKERS = "<!-- lenet-parity:{0} begin -->\n<!-- lenet-parity:{0} end -->\n"
ACTS: dict[str, tuple[Callable[[Path], object], set[str]]] = {
    "a run": (lambda results: write_page(results, "theirs"), {"results/theirs/README.md"}),
    "the lecture": (lambda results: write_lecture_page(results, "theirs"), {"results/lecture/theirs/README.md"}),
    "a merge": (
        lambda results: write_merged(results, ["theirs/a.json", "lecture/theirs/lecture/seed-0/run.json"]),
        {"results/theirs/README.md", "results/lecture/theirs/README.md"},
    ),
    "report": (write_pages, {"results/theirs/README.md", "results/lecture/theirs/README.md"}),
}


@pytest.fixture
def project(real_settings: Settings) -> Path:
    """A project with published pages, and results of another machine for which nothing was written yet."""
    folder = real_settings.results.parent
    (folder / "docs").mkdir()
    for page in ("README.md", "docs/speed.md"):
        (folder / page).write_text("".join(MARKERS.format(name) for name in ("results", "lecture")))
    for results in (real_settings.results, real_settings.results / "speed"):
        store(results, "a", "2026-01-01", EPOCH)
    keep(real_settings, run(RISING))
    publish_markdown(real_settings.results)
    theirs = store(folder, "a", "2026-01-02", EPOCH | {"epoch_seconds": [1.0]})
    theirs.parent.rename(real_settings.results / "theirs")
    keep(replace(real_settings, machine="theirs"), run(RISING, label="flax:jit"))
    return folder


@pytest.mark.parametrize("act", ACTS)
def test_nothing_changes_but_the_machines_own_pages(project: Path, act: str) -> None:
    before = tree(project)
    assert "results/README.md" in before
    do, own = ACTS[act]
    do(project / "results")
    after = tree(project)
    assert set(after) - set(before) == own
    assert {name for name in before if after.get(name) != before[name]} == set()


def test_publishing_changes_the_projects_pages(project: Path) -> None:
    before = tree(project)
    publish_markdown(project / "results")
    after = tree(project)
    changed = {name for name in before if after[name] != before[name]}
    assert changed == {"README.md", "results/README.md", "results/lecture/README.md"}
    assert "theirs" in (project / "results" / "README.md").read_text()
