"""The ladder catches a mistake in a kernel."""

from __future__ import annotations

import re
import shutil
from functools import cache
from pathlib import Path

import pytest

from bench.parity.ladder import check
from bench.parity.oracle import Expected
from impls.data import Split
from impls.native import build
from impls.pytorch import tuned as pytorch_tuned
from impls.pytorch.tuned import PyTorchTuned
from needs import needs_kernel_compiler

pytestmark = needs_kernel_compiler

DEFECTS = [  # what a kernel says, what is said instead, and the rung and place where it must be noticed
    ("v01 > v00 ? v01", "v01 >= v00 ? v00", "forward", "output of pool1"),
    ("(v01 > v00) & 1", "(v01 >= v00) & 1", "gradients", "tied maxima"),
    ("max <= 0.f ? ints{} + OFF : place", "place", "gradients", r"conv\d"),
    ("chunk = 1; chunk < CHUNKS", "chunk = 2; chunk < CHUNKS", "gradients", r"conv\d"),
    ("load(upper + j + 12)", "load(upper + j + 11)", "forward", "output of pool1"),
    ("[1 - (place >> 1)]", "[1]", "gradients", "conv1"),
    ("place[o][at] >> 1), column", "place[o][at] & 1), column", "gradients", "conv2.weight"),
    ("bias += g[at] + g[at + OUT]", "bias += g[at]", "gradients", "conv1.bias"),
]


@pytest.mark.slow
@pytest.mark.parametrize(("right", "wrong", "rung", "where"), DEFECTS, ids=[defect[1] for defect in DEFECTS])
def test_the_ladder_catches_a_mistake_in_a_kernel(
    right: str,
    wrong: str,
    rung: str,
    where: str,
    answers: Expected,
    made_up: tuple[Split, Split],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    sources = Path(shutil.copytree(build.SOURCES, tmp_path / "native"))
    changed = 0
    for path in sources.glob("*.h"):
        changed += path.read_text().count(right)
        path.write_text(path.read_text().replace(right, wrong))
    assert changed == 1, "the planted defect is not in the kernels any more"
    monkeypatch.setattr(build, "SOURCES", sources)
    monkeypatch.setenv("LENET_DATA", str(tmp_path))
    monkeypatch.setattr(pytorch_tuned, "kernels", cache(pytorch_tuned.kernels.__wrapped__))
    report = check(PyTorchTuned(), answers, *made_up)
    assert (report.verdict, report.first_failed_rung) == ("different", rung), report.sentence
    assert re.search(where, report.sentence)
