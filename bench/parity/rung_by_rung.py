"""The ladder of one backend, taken a rung at a time: what the conformance kit's tests ask."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bench.parity.verdict import Rung
from impls.errors import LenetError


class Ladder:
    """The ladder of one backend, taken a rung at a time.

    Args:
        take: takes the rung of a name, wherever the backend lives; raises LenetError where it cannot be taken.

    Attributes:
        broken: the name of the rung that failed; empty while none has.
    """

    def __init__(self, take: Callable[[str], Rung]) -> None:
        self._take = take
        self.broken = ""

    def take(self, name: str) -> Rung:
        """A rung's result; skips the test where a rung below has failed, since its cause is named already."""
        if self.broken:
            pytest.skip(f"the rung '{self.broken}' below it failed")
        try:
            return self._take(name)
        except LenetError as error:
            self.broken = name
            pytest.fail(str(error), pytrace=False)
