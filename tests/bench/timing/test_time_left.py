"""The time that is left of a schedule is told from the last block."""

from __future__ import annotations

from bench.timing.time_left import TimeLeft


def test_what_is_left_is_what_the_last_block_took_for_each_that_is_to_come() -> None:
    now = [100.0]
    left = TimeLeft(4, lambda: now[0])
    assert str(left) == ""
    left.begin(0)
    now[0] += 60
    assert (left.seconds, str(left)) == (None, ""), "nothing is known yet"
    now[0] += 60
    left.begin(1)
    assert (left.seconds, str(left)) == (360.0, " (about 6 min left)")
    now[0] += 90
    assert left.seconds == 270.0
    left.begin(2)
    assert left.seconds == 180.0
    now[0] += 90
    left.begin(3)
    now[0] += 30
    assert str(left) == " (about 60 s left)"
    now[0] += 100
    assert left.seconds == 0.0, "a block that takes longer than the last"


def test_a_run_that_goes_on_knows_nothing_of_the_blocks_before_it() -> None:
    now = [0.0]
    left = TimeLeft(4, lambda: now[0])
    left.begin(2)
    now[0] += 50
    assert left.seconds is None
    left.begin(3)
    assert left.seconds == 50.0
