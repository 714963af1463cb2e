"""Figures in a table's cell."""

from __future__ import annotations

from bench.report.tables.cells import ratio_text, work_text


def test_a_ratio_whose_interval_holds_1_is_not_quoted() -> None:
    def text(**ratio: float) -> str:
        return ratio_text({"ratios": {"y": ratio}, "blocks": [0, 1]}, "x", "y")

    assert text(value=1.02, low=0.98, high=1.06) == "not distinguishable (0.980–1.06)"
    assert text(value=1.5) == "1.50 (one pair)"
    assert text(value=0.06951, low=0.0672, high=0.072) == "0.0695 (0.0672–0.0720)"
    assert text(value=1.5, low=1.4, high=1.6) == "1.50 (1.40–1.60)"
    assert ratio_text({"ratios": {}}, "x", "y") == "–"


def test_an_interval_over_the_rounds_of_one_block_is_not_shown() -> None:
    """Files of older versions have such."""
    record = {"ratios": {"y": {"value": 1.5, "low": 1.4, "high": 1.6}}, "blocks": [0, 0, 0]}
    assert ratio_text(record, "x", "y") == "1.50 (one pair)"
    assert ratio_text(record | {"blocks": [0, 0, 1]}, "x", "y") == "1.50 (1.40–1.60)"


def test_epochs_that_did_not_train_alike_say_where() -> None:
    work = {"epochs": 4, "trained": 4, "where": "loss of step 2 of epoch 1, block 1"}
    assert work_text(work | {"share": 7.0}) == work_text(work | {"share": None}) == f"no ({work['where']})"
    assert work_text(work | {"share": 0.5}) == "yes (50.0% of allowed, 4 epochs)"
