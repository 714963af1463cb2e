"""Comparisons of two builds that nobody timed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from bench.results.two_builds import TwoBuilds
from bench.timing.block import Block, Course
from bench.timing.two_builds import PairedBlock

WORKER = {"variant": "eager", "versions": {"torch": "2.14.1"}, "code": "c0de", "data_fingerprint": "synthetic-x"}


def two_builds(
    seed: int, *, slower: float = 1.0, blocks: int = 20, labels: Sequence[str] = ("pytorch:eager",), **more: Any
) -> TwoBuilds:
    """Processes differ by 2 %, rounds by 2.5 %, blocks by 10 %, which both builds share.

    Args:
        seed: of the noise.
        slower: how many times as long the new build's epochs take.
        blocks: of three rounds.
        labels: of the variants.
        more: fields of `TwoBuilds`.
    """
    rng = np.random.default_rng(seed)
    found = []
    for number in range(blocks):
        sides = []
        shared = float(np.exp(0.1 * rng.standard_normal()))
        for factor in (1.0, slower):
            courses = {}
            for label in labels:
                own = shared * float(np.exp(0.02 * rng.standard_normal()))
                epochs, evaluations = own * np.exp(0.025 * rng.standard_normal((2, 3)))
                first = float(3 * own * np.exp(0.025 * rng.standard_normal()))
                courses[label] = Course(
                    {"start_seconds": 2 * own},
                    factor * first,
                    epoch_seconds=[float(factor * each) for each in epochs],
                    eval_seconds=[float(0.2 * each) for each in evaluations],
                )
            sides.append(Block(courses, [shared] * 3))
        found.append(PairedBlock("old" if number % 2 == 0 else "new", *sides, dict.fromkeys(labels, 0.0)))
    fields: dict[str, Any] = {
        "old": "commit 0123456789",
        "new": "this code",
        "options": {"blocks": blocks, "rounds": 3, "synthetic": 400},
        "device_name": "Abacus, 2 cores",
        "workers": {label: {"old": WORKER, "new": WORKER} for label in labels},
        "same_code": False,
        "blocks": found,
        "complete": True,
    }
    return TwoBuilds(**{**fields, **more})
