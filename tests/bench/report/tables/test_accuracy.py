"""The tables and the sentence of accuracy over paired seeds."""

from __future__ import annotations

import math

import pytest

from bench.report.tables.accuracy import accuracy_sentence, control_sentence, difference_table, seeds_table
from bench.training.paired import PairedAccuracy, arranged
from bench.training.run import TrainingRun
from paired_runs import BASE, FLAX, TWIN, five


def result(*runs: TrainingRun) -> PairedAccuracy:
    return arranged(runs)


def test_a_row_per_seed_and_the_means() -> None:
    table = seeds_table(result(*BASE, *TWIN, *FLAX))
    assert list(table.header) == ["seed", "pytorch:eager", "pytorch:eager twin", "flax:jit"]
    assert [list(row) for row in table.rows[:3]] == [
        ["0", "45.00", "45.30", "45.10"],
        ["1", "46.00", "45.70", "46.20"],
        ["2", "47.00", "47.30", "47.30"],
    ]
    # 46 with deviation 1: 4.302653 / sqrt(3) either way.
    assert list(table.rows[3])[:2] == ["mean (95 % interval)", "46.00 (43.52–48.48)"]
    assert len(table.rows) == 4


def test_differences_intervals_and_verdicts() -> None:
    table = difference_table(result(*BASE, *TWIN, *FLAX))
    assert table is not None
    assert list(table.header)[-1] == "verdict at ±1.0"
    rows = {row[0]: list(row) for row in table.rows}
    # 0.2 with deviation 0.1; error 0.057735; 4.302653 and 2.919986 of it. t = 0.8 / 0.057735 on 2 degrees.
    t = 0.8 / 0.0577350
    p = f"{0.5 * (1 - t / math.sqrt(2 + t * t)):.4f}"
    assert rows["flax:jit"] == ["flax:jit", "3", "+0.20 (-0.05 to +0.45)", "+0.03 to +0.37", p, "equivalent"]
    assert rows["pytorch:eager twin"][:3] == ["pytorch:eager twin", "3", "+0.10 (-0.76 to +0.96)"]


def test_only_whole_pairs_are_compared() -> None:
    found = result(*BASE[:2], *TWIN[:1], *FLAX)
    assert list(found.comparisons[0].differences) == [0, 1]
    table, below = seeds_table(found), difference_table(found)
    assert list(table.rows[2]) == ["2", "–", "–", "47.30"]
    assert list(table.rows[-1]) == ["seeds", "2", "1", "3"]
    assert below is not None
    assert list(below.rows[0])[1:] == ["1", "+0.30 (one pair)", "–", "–", "inconclusive"]
    assert difference_table(result(*FLAX)) is None


@pytest.mark.parametrize(
    ("gaps", "words"),
    [
        ([0.1, 0.2, 0.3], "by 0.216 points over 3 seeds, less than"),
        ([0.3, 0.3, 0.3], "by 0.300 points over 3 seeds, as much as"),
        ([1.0, -1.0, 1.0], "by 1.000 points over 3 seeds, more than"),
        ([1.0], "by 1.000 points from seed 0 alone, more than"),
    ],
)
def test_the_sentence_of_the_control_follows_the_figures(gaps: list[float], words: str) -> None:
    sentence = control_sentence(result(*BASE, *TWIN, *five("flax:jit", gaps)))
    assert sentence is not None
    assert words in sentence
    assert "started 1 ulp away (0.300)." in sentence
    assert control_sentence(result(*BASE, *FLAX)) is None
    assert control_sentence(result(*BASE, *TWIN)) is None


def test_the_sentence_of_a_summary_has_intervals_and_verdicts() -> None:
    assert accuracy_sentence(result(*BASE, *TWIN, *FLAX)) == (
        "pytorch:eager 46.00 (43.52–48.48). Less that, in points: flax:jit +0.20 (-0.05 to +0.45), equivalent."
    )
    one = accuracy_sentence(result(*BASE[:1], *FLAX[:1]))
    assert one == "pytorch:eager 45.00 (one seed). Less that, in points: flax:jit +0.10 (one pair), inconclusive."
    assert accuracy_sentence(result(*BASE)) == "pytorch:eager 46.00 (43.52–48.48)."
    assert accuracy_sentence(result(*FLAX)) is None
