"""Every pair's ratio, and places that are no finer than the noise."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from bench.report.site.pairs import places, ratio, ratios, sign, words
from bench.results.load import devices, read_run
from bench.stats.ratio import Ratio
from command import ROOT
from made_up_results import row, run_rows, store

FASTER, SLOWER, ALIKE = Ratio(0.5, 0.4, 0.6), Ratio(2.0, 1.6, 2.5), Ratio(1.01, 0.97, 1.05)


def timed(seconds: list[list[float]], label: str = "pytorch:eager") -> dict:
    """An epoch's row with these seconds in each block."""
    flat = [(value, number) for number, own in enumerate(seconds) for value in own]
    return row("epoch", label, epoch_seconds=[v for v, _ in flat], blocks=[n for _, n in flat])


def test_rounds_are_paired_within_their_block() -> None:
    a, b = timed([[2.0, 4.0], [6.0]]), timed([[1.0], [3.0, 9.0]], "flax:jit")
    found = ratio(a, b, None)
    assert found is not None
    assert found.value == pytest.approx(2.0)  # 2/1 and 6/3: the other rounds have nobody beside them


def test_the_interval_is_wider_where_a_variant_left_early() -> None:
    early, full = timed([[2.0], [2.1], [1.9]]), timed([[1.0], [1.0], [1.0], [1.0]], "flax:jit")
    plain, wide = ratio(early, full, None), ratio(early, full, 4)
    assert plain
    assert wide
    assert plain.low
    assert wide.low
    assert wide.value == plain.value
    assert np.log(wide.value / wide.low) == pytest.approx(1.5 * np.log(plain.value / plain.low))


def test_variants_that_share_no_block_have_no_ratio() -> None:
    assert ratio(timed([[1.0]]), timed([[1.0]]) | {"blocks": [3]}, None) is None


@pytest.mark.parametrize("path", sorted((ROOT / "results").glob("*/*.json")), ids=lambda path: path.name)
def test_the_stored_ratios_of_committed_files_are_these(path: Path) -> None:
    """The page computes from the same rounds what the run computed."""
    run = read_run(path)
    assert run
    for device in devices([run]):
        found = ratios(device)
        for label in device.timed:
            for other, stored in device.variants[label].get("epoch", "ratios", {}).items():
                if other in found and "low" in stored and len(set(device.variants[label].get("epoch", "blocks"))) > 1:
                    own = found[other][label]
                    assert own.value == pytest.approx(stored["value"], rel=1e-9)
                    assert own.low is not None


def test_places_are_shared_where_the_noise_decides() -> None:
    found = {
        "a": {"b": SLOWER, "c": SLOWER},
        "b": {"a": FASTER, "c": ALIKE},
        "c": {"a": FASTER, "b": ALIKE},
    }
    assert places(found, ["a", "b", "c"]) == {"a": (1, 1), "b": (2, 3), "c": (2, 3)}


def test_without_intervals_nobody_is_placed(tmp_path: Path) -> None:
    one_pair = store(tmp_path / "x.json", *run_rows(0, blocks=1, rounds=3))
    run = read_run(one_pair)
    assert run
    device = devices([run])[0]
    assert set(places(ratios(device), device.timed).values()) == {(1, 2)}


def test_words_never_show_a_ratio_that_cannot_be_told_from_1() -> None:
    assert words(FASTER) == "0.500 (0.400–0.600)"
    assert words(ALIKE) == "not distinguishable (0.970–1.05)"
    assert words(Ratio(1.2, None, None)) == "1.20 (one pair)"
    assert words(Ratio(1.0, None, None)) == "1"
    assert [sign(each) for each in (FASTER, ALIKE, SLOWER, Ratio(3.0, None, None))] == [-1, 0, 1, 0]


def test_a_file_without_options_is_read(tmp_path: Path) -> None:
    path = store(tmp_path / "x.json", *run_rows(0))
    values = json.loads(path.read_text())
    values["run"]["options"] = {}
    path.write_text(json.dumps(values))
    run = read_run(path)
    assert run
    assert run.options == {}
    assert ratios(devices([run])[0])["pytorch:eager"]["flax:jit"].low is not None
