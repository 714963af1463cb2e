"""What was measured comes back from its file as it was, and what is no such file is refused in a sentence."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bench.base import names
from bench.base.settings import Settings
from bench.pitfalls.stored import FOLDER, Stored, path_of, rebuilt
from bench.stats.ratio import Ratio
from impls.errors import LenetError
from made_up_pitfalls import FIGURES, missing, stored


def test_everything_comes_back(tmp_path: Path) -> None:
    path, made = tmp_path / "x" / "measured.json", stored(tf32=missing("needs a GPU"))
    made.write(path)
    back = Stored.read(path)
    assert back == made
    assert back.outcomes["rounds"].figures.by_rounds == FIGURES["rounds"].by_rounds
    assert isinstance(back.outcomes["compilation"].figures.few, Ratio)
    assert back.outcomes["tf32"].figures is None


def test_what_may_be_missing_comes_back_as_nothing(tmp_path: Path) -> None:
    figures = replace(FIGURES["rounds"], source=None, narrower=None, by_blocks=Ratio(1.0, None, None))
    made = stored()
    made.outcomes["rounds"] = replace(made.outcomes["rounds"], figures=figures)
    made.write(tmp_path / "a.json")
    assert Stored.read(tmp_path / "a.json").outcomes["rounds"].figures == figures


def change(content: dict[str, Any], what: str) -> None:
    outcome = content["outcomes"]["loader"]
    if what == "schema":
        content["schema"] = 0
    elif what == "unknown mistake":
        content["outcomes"]["nonsense"] = outcome
    elif what == "figure missing":
        del outcome["figures"]["loop"]
    elif what == "figure of another kind":
        outcome["figures"]["loop"] = "fast"
    elif what == "outcome without figures":
        del outcome["figures"]
    elif what == "field of the machine missing":
        del content["threads"]


@pytest.mark.parametrize(
    "what",
    [
        *("schema", "unknown mistake", "figure missing", "figure of another kind", "outcome without figures"),
        "field of the machine missing",
    ],
)
def test_a_file_with_a_mistake_in_it_is_refused(tmp_path: Path, what: str) -> None:
    path = tmp_path / "measured.json"
    stored().write(path)
    content = json.loads(path.read_text())
    change(content, what)
    path.write_text(json.dumps(content))
    with pytest.raises(LenetError, match="holds no measured pitfalls .*make pitfalls"):
        Stored.read(path)


@pytest.mark.parametrize("content", ["", "[]", "{", '{"schema": 1}', "null"])
def test_another_file_is_refused(tmp_path: Path, content: str) -> None:
    path = tmp_path / "measured.json"
    path.write_text(content)
    with pytest.raises(LenetError, match="holds no measured pitfalls"):
        Stored.read(path)
    with pytest.raises(LenetError, match="holds no measured pitfalls"):
        Stored.read(tmp_path / "nowhere.json")


def test_a_whole_number_may_stand_for_a_float_and_no_truth_value_for_a_number() -> None:
    assert rebuilt(float, 1) == 1.0
    for kind, value in ((float, True), (int, 1.0), (int, True), (str, 1), (list[float], "x"), (Ratio, {"value": 1.0})):
        with pytest.raises(ValueError, match="is"):
            rebuilt(kind, value)


def test_made_up_data_have_a_file_of_their_own(settings: Settings) -> None:
    assert path_of(settings).parts[-3:] == (FOLDER, "abacus", "made-up-400-images.json")
    assert path_of(replace(settings, synthetic=0)).parts[-3:] == (FOLDER, "abacus", "measured.json")
    assert FOLDER in names.FOLDERS
