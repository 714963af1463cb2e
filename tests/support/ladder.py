"""Names that tests of the ladder share."""

from __future__ import annotations

from bench.parity import rungs
from impls.data import Split

Splits = tuple[Split, Split]
"""The training and the test split."""

RUNGS = list(rungs.RUNGS)
"""Names of the rungs, in order."""
