"""What a third party lists as known: lines that can be pasted, and what is left of a failure when they are there."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.parity.known_deviations import Entry, KnownDeviations
from bench.parity.verdict import FAILED, PASSED, REPORTED, SKIPPED, Measured, Report, Rung

STRANGE = "classes [0] of *all* (a?): 3"
RUNG = Rung.of(
    "gradients",
    [
        Measured(0.1, 1.0, "fine", {"case": "first batch"}),
        Measured(2.0, 1.0, "first", {"case": "first batch"}),
        Measured(3.0, 1.0, "second", {"case": "tied maxima", "index": [1]}, "3 for 0"),
        Measured(4.0, 1.0, STRANGE, {"case": "tied maxima"}),
    ],
)


def read(folder: Path, *lines: str) -> KnownDeviations:
    path = folder / "xfails.txt"
    path.write_text("\n".join(lines) + "\n")
    return KnownDeviations.read(str(path))


def test_the_lines_of_a_failure_list_just_that_failure(tmp_path: Path) -> None:
    lines = KnownDeviations().new_lines(RUNG)
    assert lines[:2] == ["gradients: first", "gradients: second"]
    assert len(lines) == RUNG.failures == 3
    assert read(tmp_path, *lines).covers(RUNG)
    for missing in lines:
        known = read(tmp_path, *(line for line in lines if line != missing))
        assert not known.covers(RUNG)
        assert known.new_lines(RUNG) == [missing]
    other = Rung.of("gradients", [Measured(4.0, 1.0, STRANGE.replace("*", "at "))])
    assert not read(tmp_path, *lines).covers(other)  # brackets and stars of a name stand for themselves


@pytest.mark.parametrize(
    "rung",
    [
        Rung("gradients", SKIPPED),
        Rung("gradients", PASSED, comparisons=RUNG.comparisons[:1]),
        Rung("determinism", REPORTED, comparisons=RUNG.comparisons),
        Rung.of("data", []),
        Rung("accuracy", FAILED, failures=1),
    ],
)
def test_there_is_nothing_to_list_where_nothing_can_be_listed(rung: Rung) -> None:
    assert KnownDeviations().new_lines(rung) == []
    assert not KnownDeviations([Entry(rung.name, "*")]).covers(rung)


def test_what_is_new_speaks_for_the_rung(tmp_path: Path) -> None:
    new = read(tmp_path, "gradients: first").new_part(RUNG)
    assert (
        new.sentence
        == "second at [1] is off by 3, and 1 is allowed (3 for 0); 1 more of the rung's 4 comparisons fails"
    )
    assert (RUNG.only, new.only) == ("", "tied maxima")  # what is left hardly matters
    assert KnownDeviations().new_part(RUNG) is RUNG


def test_what_is_listed_leaves_the_verdict_as_it_is(tmp_path: Path) -> None:
    later = Rung.of("prediction", [Measured(1.0, 0.0, "classes")])
    report = Report([Rung("loss", PASSED), RUNG, later])
    some, all_of_it = read(tmp_path, "gradients"), read(tmp_path, "gradients", "prediction: classes")
    assert (some.all_known(report), some.news(report).first_failed_rung) == (False, "prediction")
    assert (all_of_it.all_known(report), all_of_it.news(report).verdict) == (True, "equivalent")
    assert report.verdict == "different"
    assert not all_of_it.all_known(Report([Rung("loss", PASSED)]))


def test_entries_that_nothing_matched_are_named_where_their_rung_was_taken(tmp_path: Path) -> None:
    known = read(tmp_path, "gradients: first", "gradients: third", "loss", "prediction", "determinism: bits")
    reported = Rung("determinism", REPORTED, comparisons=[Measured(1.0, 0.0, "bits")])
    report = Report([Rung("loss", PASSED), RUNG, Rung("prediction", SKIPPED), reported])
    assert [str(entry) for entry in known.stale_in(report)] == ["gradients: third", "loss"]
