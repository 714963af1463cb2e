"""The figure of a hundred epochs is drawn where two schedules can be compared."""

from __future__ import annotations

import pytest

from bench.base.settings import Settings
from bench.lecture.schedules import schedules
from bench.report.lecture.hundred_epochs import draw_hundred_epochs
from bench.report.pages import write_lecture_page
from bench.training import store as stored_runs
from figure_files import SUFFIXES
from impls.spec import HUNDRED, HUNDRED_HALVING
from made_up_evidence import RISING, run
from stored_lecture_runs import gathered, keep


@pytest.mark.slow
def test_a_hundred_epochs_are_drawn_where_there_are_two_schedules_to_compare(real_settings: Settings) -> None:
    keep(real_settings, run(RISING), run([0.3, 0.6], recipe=HUNDRED))
    assert draw_hundred_epochs(real_settings.results) == []
    for label in ("pytorch:eager", "flax:jit"):
        stored_runs.save(real_settings, run([0.3, 0.5], label=label, recipe=HUNDRED_HALVING))
    [found] = gathered(real_settings)
    assert {name: len(runs) for name, runs in schedules(found).items()} == {
        "constant 1e-4 (1 run)": 1,
        "1e-4, halved every 10 epochs (2 runs)": 2,
    }
    paths = draw_hundred_epochs(real_settings.results)
    assert {path.name for path in paths} == {f"hundred-epochs{suffix}" for suffix in SUFFIXES}
    page = write_lecture_page(real_settings.results, "abacus")
    assert page
    assert 'src="hundred-epochs.svg"' in page.read_text()
