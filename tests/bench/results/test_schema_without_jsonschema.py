"""A machine without jsonschema checks what it can; the JSON Schema is held against the file where it is read later."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import pytest

from bench.results import schema
from made_up_results import content, row


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setitem(sys.modules, "jsonschema", None)  # importing it then fails
    schema._validator.cache_clear()
    yield
    schema._validator.cache_clear()


@pytest.mark.usefixtures("bare")
def test_a_good_file_passes_and_a_number_that_is_none_does_not() -> None:
    assert schema.mistake(content(row("epoch"))) is None
    wrong = content(row("epoch", images_per_second=float("nan")))
    assert "images_per_second: nan is not finite" in (schema.mistake(wrong) or "")


def test_what_it_let_through_is_found_with_jsonschema(bare: None, monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = content(row("epoch", images_per_second="fast"))
    assert schema.mistake(wrong) is None
    monkeypatch.undo()
    schema._validator.cache_clear()
    assert "images_per_second" in (schema.mistake(wrong) or "")


@pytest.mark.usefixtures("bare")
@pytest.mark.parametrize("wrong", [[], {}, {"benchmarks": 3}, {"benchmarks": [{}]}])
def test_what_has_no_form_at_all_is_a_mistake_and_no_crash(wrong: object) -> None:
    assert (schema.mistake(wrong) or "").startswith("$: ")
