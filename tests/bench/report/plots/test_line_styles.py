"""A framework has one hue in every figure, and every line a style of its own."""

from __future__ import annotations

import itertools

from bench.report.plots.curves import curves_figure
from bench.report.plots.line_styles import framework_styles, series_styles
from bench.report.plots.style import Theme
from made_up_figures import BOTH, THEMES, lines


@THEMES
def test_a_framework_has_its_hue_in_every_figure_and_a_style_of_its_own(theme: Theme) -> None:
    labels = ["flax:jit", "mine:Class:fast", "pytorch:eager", "pytorch:eager", "flax:tuned", "yours:Class"]
    styles = framework_styles(labels, theme)
    assert [style.colour for style in styles] == [
        *(theme.flax, theme.others[0], theme.pytorch, theme.pytorch, theme.flax, theme.others[1]),
    ]
    for one, other in itertools.combinations([styles[0], styles[1], styles[2], styles[5]], 2):
        assert one.dashes != other.dashes
        assert one.marker != other.marker
    for one, other in ((styles[0], styles[4]), (styles[2], styles[3])):
        assert one.dashes != other.dashes
        assert one.marker != other.marker
    drawn = lines(curves_figure(BOTH[::-1], theme).axes[0])
    assert [line.get_color() for line in drawn] == [theme.flax, theme.pytorch]
    # They nearly coincide: the one beneath is the wider.
    flax, pytorch = drawn
    assert pytorch.get_linewidth() > 1.5 * flax.get_linewidth()
    assert pytorch.get_zorder() < flax.get_zorder()
    assert len({style.dashes for style in series_styles(5, theme)}) == 5
    assert not {theme.pytorch, theme.flax} & {style.colour for style in series_styles(5, theme)}
