"""A comparison of two builds is shown in the terminal with all that a reader must know of it."""

from __future__ import annotations

import io
from pathlib import Path

from rich.console import Console

from bench.report.terminal.comparison import change_text
from bench.report.terminal.two_builds import remarks, show
from made_up_builds import WORKER, two_builds


def test_it_is_shown() -> None:
    found = two_builds(4, slower=1.3, labels=("pytorch:eager", "flax:jit"))
    written = io.StringIO()
    show(found, Path("a.json"), Console(file=written, width=80, emoji=False))
    text = written.getvalue()
    for part in ("old  commit 0123456789", "new  this code", "20 blocks of 3 rounds, 400 made-up images", "a.json"):
        assert part in text
    for each in found.figures:
        assert change_text(each) in text
    assert "Of 8 figures judged, 4 became slower and 0 faster." in " ".join(text.split())


def test_what_the_tables_do_not_say_is_told() -> None:
    workers = {"pytorch:eager": {"old": WORKER | {"versions": {"torch": "2.13.0"}}, "new": WORKER}}
    found = two_builds(1, blocks=2, same_code=True, workers=workers, warnings=["other programs kept 1.5 cores busy"])
    found.blocks[1].apart["pytorch:eager"] = 3e-4
    found.blocks[0].old.courses["pytorch:eager"].error = "It fell over."
    told = remarks(found)
    assert told[:2] == [
        "Both builds are of the same code.",
        "pytorch:eager has other packages in the two builds: torch 2.13.0 and 2.14.1.",
    ]
    assert "losses of one step differ by up to 3.0e-04 of themselves" in told[2]
    assert told[3] == "pytorch:eager left before the end: It fell over."
    assert told[-1] == "Warning: other programs kept 1.5 cores busy."
    assert remarks(two_builds(1, blocks=2))[:-1] == []  # the control is always told
