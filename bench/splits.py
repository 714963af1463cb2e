"""The two splits of a run: CIFAR-10's, or made-up ones for tests of the machinery."""

from __future__ import annotations

from impls.data import Split, load
from impls.synthetic import synthetic_split


def splits(root: str | None, synthetic: int) -> tuple[Split, Split]:
    """Training and test split: CIFAR-10 from ``root``, or ``synthetic`` made-up images and half as many."""
    if synthetic:
        return synthetic_split("train", synthetic), synthetic_split("test", synthetic // 2)
    return load("train", root), load("test", root)
