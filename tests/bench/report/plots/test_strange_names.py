"""A figure shows names as they are: no formula, and nothing that an SVG cannot hold."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from xml.etree import ElementTree

from bench.report.plots.curves import curves_figure
from bench.report.plots.kernels import conv1_figure
from bench.report.plots.style import LIGHT, save
from made_up_figures import run_of, shown_texts, trained

STRANGE = "_m:A:a $x$ <b>& \\frac $\\frac$"


def test_names_in_figures_are_no_formulas_and_files_are_whole(tmp_path: Path) -> None:
    runs = [run_of(10, f"{STRANGE}\x1b[31m\n_"), run_of(10, "flax:jit", device_name=f"device {STRANGE}")]
    for number, draw in enumerate((partial(curves_figure, runs), partial(conv1_figure, [trained(STRANGE)]))):
        for path in save(draw, tmp_path / str(number)):
            if path.suffix == ".svg":
                ElementTree.parse(path)
    figure = curves_figure(runs, LIGHT)
    texts = [" ".join(text.get_text().split()) for text in shown_texts(figure)]
    assert f"{STRANGE}\\x1b[31m _" in texts
    assert any(f"device {STRANGE}" in text for text in texts)
