"""What is not steady about a measurement is said with numbers."""

from __future__ import annotations

from bench.timing import stability


def test_steady_rounds_are_not_complained_of() -> None:
    assert stability.complaints([3.0, 3.1, 2.95, 3.05, 3.0, 3.02, 2.98]) == []
    assert stability.complaints([3.0, 30.0]) == [], "two rounds say nothing"


def test_scatter_and_drift_are_said_with_numbers_and_what_to_do() -> None:
    [scatter] = stability.complaints([3.0, 3.6, 3.1, 3.0, 2.9, 3.3, 3.0])
    assert scatter.startswith("rounds scatter by 23% (2.9 to 3.6 s)")
    assert "close other programs" in scatter
    [drift] = stability.complaints([1.0, 1.01, 1.02, 1.03, 1.04, 1.05, 1.06])
    assert drift.startswith("rounds grew longer by 6% from first to last")


def test_load_at_the_start_is_said() -> None:
    [sentence] = stability.complaints_at_start("cpu", busy=1.3)
    assert sentence == "other programs kept 1.3 cores busy before the start: close them and run again"


def test_a_second_epoch_that_compiles_again_is_said() -> None:
    [sentence] = stability.recompiled([0.15, 0.151, 0.149], [0, 0, 0], [3.0])
    assert sentence.startswith(
        "the second epoch of a process takes 3 s where later ones take 0.15 s: something is compiled again in it"
    )
    several = stability.recompiled([0.15, 0.16, 0.14, 0.15, 0.3, 0.31], [0, 0, 1, 1, 2, 2], [3.0, 2.9, 0.31])
    assert len(several) == 1, "two of three processes"


def test_a_second_epoch_that_scatter_explains_is_not_complained_of() -> None:
    assert stability.recompiled([2.5, 2.6, 2.4], [0, 0, 0], [2.8]) == [], "a tenth longer, as on a CPU"
    assert stability.recompiled([2.5, 3.6, 2.4], [0, 0, 0], [4.0]) == [], "rounds scatter by a half"
    assert stability.recompiled([0.01, 0.01], [0, 0], [0.05]) == [], "nothing compiles in so little time"
    assert stability.recompiled([2.5, 2.5] * 4, [0, 0, 1, 1, 2, 2, 3, 3], [2.6, 9.0, 2.6, 2.6]) == [], "one slow moment"
    assert stability.recompiled([40.0], [0], []) == [], "a slow variant has no second epoch beside its round"
    assert stability.recompiled([2.5, 2.5], [0, 1], [9.0]) == [], "not of these blocks"
