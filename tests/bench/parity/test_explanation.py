"""A failed rung in lines: its causes, advice, and what fails, ready to be pasted into the xfails file."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bench.parity.explanation import MOST_LINES, explanation
from bench.parity.known_deviations import Entry, KnownDeviations
from bench.parity.verdict import Measured, Rung

RUNG = Rung.of("loss", [Measured(2.0, 1.0, f"loss ({k})") for k in range(MOST_LINES)], causes=["a"], advice=["do b"])


def test_causes_advice_and_every_failure_are_told() -> None:
    assert explanation(RUNG, KnownDeviations()) == [
        "Looks like: a.",
        "Next: do b.",
        "What fails here, as lines for --xfails-file:",
        *(f"  loss: loss ({k})" for k in range(MOST_LINES)),
    ]


@pytest.mark.parametrize("more", [1, 1200])
def test_many_failures_are_counted_and_the_lines_can_still_be_pasted(more: int, tmp_path: Path) -> None:
    rung = Rung.of("loss", [Measured(2.0, 1.0, f"loss ({k})") for k in range(MOST_LINES + more)])
    [_, *lines] = explanation(rung, KnownDeviations())
    assert len(lines) == MOST_LINES + 1
    assert lines[-1] == f"  # and {more:,} more: lenet-bench check --json FILE writes all of them"
    path = tmp_path / "xfails.txt"
    path.write_text("\n".join(lines))
    assert [entry.pattern for entry in KnownDeviations.read(str(path)).entries] == [
        f"loss ({k})" for k in range(MOST_LINES)
    ]


def test_only_what_is_new_is_to_be_listed() -> None:
    first = KnownDeviations([Entry("loss", "loss (0)")])
    lines = explanation(RUNG, first)
    assert lines[0] == "What is listed looks like: a."  # a cause is that of the first failure
    assert [line for line in lines if line.startswith("  ")] == [f"  loss: loss ({k})" for k in range(1, MOST_LINES)]
    assert explanation(RUNG, KnownDeviations([Entry("loss", "loss (1)")]))[0] == "Looks like: a."


def test_a_rung_that_compared_nothing_cannot_be_listed() -> None:
    assert explanation(Rung.of("data", []), KnownDeviations()) == []
    reported = replace(RUNG, name="accuracy")
    assert explanation(reported, KnownDeviations()) == ["Looks like: a.", "Next: do b."]
