"""A visit is resumed with the options that it was begun with, or not at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.visit.state import DONE, Progress, State
from impls.errors import LenetError

OPTIONS = {"device": "cuda", "backends": ["pytorch:eager"], "blocks": 4}


def test_it_comes_back_from_its_file_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "visit" / "state.json"
    state = State.resumed(path, OPTIONS)
    assert state == State(OPTIONS)
    state.steps["machine"] = Progress(DONE, 0, 1.5, 1)
    state.archived["abacus/a.json"] = "0123"
    state.slices = 2
    state.write(path)
    assert State.resumed(path, OPTIONS) == state


@pytest.mark.parametrize(("change", "named"), [({"blocks": 2}, "blocks"), ({"seeds": 3}, "seeds")])
def test_other_options_are_refused_by_name(tmp_path: Path, change: dict[str, object], named: str) -> None:
    State(OPTIONS).write(tmp_path / "state.json")
    with pytest.raises(LenetError, match=rf"started with other options \({named}\); give the same ones to continue"):
        State.resumed(tmp_path / "state.json", OPTIONS | change)


@pytest.mark.parametrize("content", ["", "{", "[]", "{}", '{"schema": 99}', '{"schema": 1, "steps": {"a": 3}}'])
def test_a_file_that_cannot_be_read_is_a_sentence(tmp_path: Path, content: str) -> None:
    (tmp_path / "state.json").write_text(content)
    with pytest.raises(LenetError, match="cannot be read .*; delete it to start the visit again"):
        State.resumed(tmp_path / "state.json", OPTIONS)
