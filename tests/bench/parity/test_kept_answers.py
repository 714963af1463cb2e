"""The oracle's answers are stored without pickle, come back as they were, and are refused when anything is amiss."""

from __future__ import annotations

import os
import pickle
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from bench.parity import kept_answers
from bench.parity.oracle import STORED as CLASSES
from bench.parity.oracle import Expected
from bench.parity.replicas import Beginning
from impls.errors import LenetError


class Bomb:
    """Leaves a folder behind when it is unpickled."""

    def __init__(self, mark: Path) -> None:
        self.mark = mark

    def __reduce__(self) -> Any:
        return os.mkdir, (str(self.mark),)


def assert_same(left: Any, right: Any) -> None:
    """Of one type, with the same bits, all the way down."""
    assert type(left) is type(right) or isinstance(left, np.generic)
    if isinstance(left, np.ndarray):
        assert left.dtype == right.dtype
        np.testing.assert_array_equal(left, right)
    elif isinstance(left, dict):
        assert list(left) == list(right)
        for name in left:
            assert_same(left[name], right[name])
    elif isinstance(left, list | tuple):
        assert len(left) == len(right)
        for one, other in zip(left, right, strict=True):
            assert_same(one, other)
    elif hasattr(left, "__dataclass_fields__"):
        assert_same(vars(left), vars(right))
    else:
        assert left == right


def test_answers_come_back_as_they_were(answers: Expected) -> None:
    assert_same(answers, kept_answers.from_bytes(kept_answers.to_bytes(answers), CLASSES))


def test_a_flipped_bit_is_noticed() -> None:
    content = kept_answers.to_bytes(Beginning({}, np.arange(5000), np.ones(3), np.ones(3)))
    for place in range(200, len(content), 997):
        damaged = bytearray(content)
        damaged[place] ^= 1
        try:
            kept = kept_answers.from_bytes(bytes(damaged), CLASSES)
        except LenetError:
            continue
        np.testing.assert_array_equal(kept.order, np.arange(5000))  # a byte of the archive's own that says nothing


@pytest.mark.parametrize("form", ["pickle", "object array", "unknown class"])
def test_planted_answers_execute_nothing(tmp_path: Path, form: str) -> None:
    mark = tmp_path / "went_off"
    if form == "pickle":
        content = pickle.dumps(Bomb(mark))
    elif form == "object array":
        np.savez(tmp_path / "x.npz", head=np.array([Bomb(mark)], object))
        content = (tmp_path / "x.npz").read_bytes()
    else:
        content = kept_answers.to_bytes(Beginning({}, np.zeros(1), np.zeros(1), np.zeros(1)))
    with pytest.raises(LenetError, match="no kept answers"):
        kept_answers.from_bytes(content, () if form == "unknown class" else CLASSES)
    assert not mark.exists()
