"""What two builds in the same blocks say of each other, and the file that keeps it."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from bench.report.pages import read_runs
from bench.results.two_builds import TwoBuilds, path_of
from bench.stats.change import FASTER, NOT_JUDGED, SAME, SLOWER, slower_than
from impls.errors import LenetError
from made_up_builds import two_builds
from subjects import settings

LABELS = ("pytorch:eager", "pytorch:tuned", "flax:jit")


def test_a_planted_slow_down_of_five_percent_is_found_and_nothing_else() -> None:
    found = two_builds(1, slower=1.05, labels=LABELS)
    verdicts = {(each.label, each.measure.name): each.verdict for each in found.figures}
    assert {key for key, verdict in verdicts.items() if verdict == SLOWER} >= {(label, "epoch") for label in LABELS}
    assert {verdict for (_, name), verdict in verdicts.items() if name in ("start-up", "evaluation")} == {SAME}
    assert slower_than(found.figures, 1)
    assert not slower_than(found.figures, 5)


def test_builds_of_one_commit_differ_in_at_most_one_of_twenty_tries() -> None:
    told = [{each.verdict for each in two_builds(seed, labels=LABELS).figures} for seed in range(20)]
    assert sum(bool(verdicts & {SLOWER, FASTER}) for verdicts in told) <= 1


def test_a_variant_that_left_keeps_the_blocks_in_which_both_builds_came_to_the_end() -> None:
    found = two_builds(2, blocks=3)
    found.blocks[2].old.courses["pytorch:eager"].error = "it fell over"
    assert found.lost("pytorch:eager") == "it fell over"
    assert found.figures == replace(found, blocks=found.blocks[:2]).figures
    found.blocks[1].new.courses["pytorch:eager"].error = "it fell over"
    assert {(each.verdict, each.reason) for each in found.figures} == {(NOT_JUDGED, "only 1 block")}


def test_a_file_is_read_as_it_was_written_and_no_table_of_runs_has_it(tmp_path: Path) -> None:
    found = two_builds(3, warnings=["other programs kept 1.5 cores busy"])
    path = path_of(settings("reference:float32"))
    assert path.parts[0] == "unused"
    path = tmp_path / "results" / Path(*path.parts[1:])
    found.write(path)
    assert TwoBuilds.read(path) == found
    content = json.loads(path.read_text())
    assert {each["label"] for each in content["figures"]} == {"pytorch:eager"}
    assert content["spec"] >= 1
    assert read_runs(tmp_path / "results") == []


@pytest.mark.parametrize("text", ["", "{}", '{"schema": 99}', '{"schema": 1}', "[]"])
def test_a_file_that_is_none_is_a_sentence(tmp_path: Path, text: str) -> None:
    path = tmp_path / "a.json"
    path.write_text(text)
    with pytest.raises(LenetError, match="a.json is no comparison of two builds"):
        TwoBuilds.read(path)
