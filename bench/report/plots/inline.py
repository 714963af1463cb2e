"""A figure as SVG within the page: one copy, whose colours are those of the page's theme."""

from __future__ import annotations

import re
from collections.abc import Callable
from io import StringIO
from typing import TYPE_CHECKING

from bench.report import escape
from bench.report.plots.style import DARK, LIGHT, Theme

if TYPE_CHECKING:
    from matplotlib.figure import Figure

COLOURS: dict[str, tuple[str, str, str]] = {
    LIGHT.background.lower(): ("page", LIGHT.background, DARK.background),
    LIGHT.ink.lower(): ("ink", LIGHT.ink, DARK.ink),
    LIGHT.faint.lower(): ("faint", LIGHT.faint, DARK.faint),
    LIGHT.pytorch.lower(): ("pytorch", LIGHT.pytorch, DARK.pytorch),
    LIGHT.flax.lower(): ("flax", LIGHT.flax, DARK.flax),
    **{
        light.lower(): (f"other-{number}", light, dark)
        for number, (light, dark) in enumerate(zip(LIGHT.others, DARK.others, strict=True), start=1)
    },
}
"""A colour of the light theme -> its name in the page's style sheet, and what that is in each theme."""

_DIGITS = re.compile(r"(\.\d\d)\d+")
_ID = re.compile(r'(\bid="|\burl\(#|\bhref="#)')


def variables(theme: Theme) -> str:
    """The style sheet's colours in a theme."""
    dark = theme is DARK
    return " ".join(f"--{name}: {second if dark else first};" for name, first, second in COLOURS.values())


def inline(draw: Callable[[Theme], Figure], *, what: str, prefix: str) -> str:
    """A figure as HTML; matplotlib has escaped its text.

    Args:
        draw: the figure in a theme; it is drawn in the light one, and its colours become the page's.
        what: it shows, for those who do not see it.
        prefix: of its ids, unique in the page.
    """
    import matplotlib

    with matplotlib.rc_context():
        matplotlib.rcdefaults()  # whatever the user's matplotlibrc says
        matplotlib.rcParams.update({**LIGHT.rc, "svg.fonttype": "none"})
        content = StringIO()
        draw(LIGHT).savefig(content, format="svg", metadata={"Date": None, "Creator": None})
    return themed(content.getvalue(), what=what, prefix=prefix)


def themed(svg: str, *, what: str, prefix: str) -> str:
    """A file that matplotlib drew in the light theme, to stand in the page; arguments as `inline`."""
    body = svg[svg.index("<svg") :]
    body = re.sub(r"\s*<metadata>.*?</metadata>", "", body, flags=re.DOTALL)
    width, height = (float(found) for found in re.findall(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', body)[0])
    head = (
        f'<svg class="plot" role="img" aria-label="{escape.html(what)}" viewBox="0 0 {width:g} {height:g}" '
        f'style="max-width: {width * 4 / 3:.0f}px" xmlns="http://www.w3.org/2000/svg" '
        'xmlns:xlink="http://www.w3.org/1999/xlink">'
    )
    body = head + body[body.index(">") + 1 :]
    body = _ID.sub(lambda found: found[0] + prefix + "-", body)
    body = re.sub(r"#[0-9a-fA-F]{6}\b", lambda found: _variable(found[0]), body)
    body = re.sub(r'="[^"]*"', lambda found: _DIGITS.sub(r"\1", found[0]), body)  # a hundredth of a point is enough
    body = re.sub(r"\s*\n\s*", "\n", body)
    return re.sub(r"font: ([\d.]+)px [^;\"]*", r"font-size: \1px", body)


def _variable(colour: str) -> str:
    found = COLOURS.get(colour.lower())
    return f"var(--{found[0]})" if found else colour
