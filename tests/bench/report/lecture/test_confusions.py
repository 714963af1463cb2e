"""What is taken for what: the figure and the table of runs that recorded it."""

from __future__ import annotations

import numpy as np
import pytest

from bench.base.settings import Settings
from bench.report.lecture.confusions import confusions_table, draw_confusions
from bench.report.pages import write_lecture_page
from bench.report.plots.confusion import ORDER, confusion_figure, shares
from bench.report.plots.style import LIGHT
from figure_files import SUFFIXES
from made_up_evidence import RISING, evidence, run
from stored_lecture_runs import keep

CATS_FOR_DOGS = np.diag([900] * 10) + 10
CATS_FOR_DOGS[3, 5] += 200


def test_cells_are_percent_of_a_class_with_vehicles_first() -> None:
    runs = [run(RISING, seed, confusion=CATS_FOR_DOGS.tolist()) for seed in (0, 1)]
    assert shares(runs)[3, 5] == pytest.approx(210 / 1200)
    figure = confusion_figure({"pytorch": runs}, LIGHT)
    [axes] = figure.axes
    [image] = axes.images
    assert image.get_array()[ORDER.index(3), ORDER.index(5)] == pytest.approx(17.5)
    assert [label.get_text() for label in axes.get_yticklabels()][:5] == [
        "airplane",
        "automobile",
        "ship",
        "truck",
        "bird",
    ]
    assert sum(text.get_text() == "18" for text in axes.texts) == 1


def test_the_commonest_error_comes_first() -> None:
    table = confusions_table(evidence(run(RISING, confusion=CATS_FOR_DOGS.tolist())))
    assert table
    assert table.rows[0] == ["cat", "dog", "same kind", "17.5%", ""]
    assert confusions_table(evidence(run(RISING))) is None


@pytest.mark.slow
def test_it_is_drawn_where_it_was_recorded(real_settings: Settings) -> None:
    keep(real_settings, run(RISING))
    assert draw_confusions(real_settings.results) == []
    keep(real_settings, run(RISING, confusion=CATS_FOR_DOGS.tolist()))
    assert {path.name for path in draw_confusions(real_settings.results)} == {f"confusion{s}" for s in SUFFIXES}
    page = write_lecture_page(real_settings.results, "abacus")
    assert page
    assert 'src="confusion.svg"' in page.read_text()
    assert "| cat | dog " in " ".join(page.read_text().split())
