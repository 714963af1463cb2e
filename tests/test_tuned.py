"""The tuned variants: their kernels against the oracle where a kernel may go wrong, and how they are compiled."""

from __future__ import annotations

import re
import shutil
import stat
import subprocess
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path

import numpy as np
import pytest
import torch

from bench import options
from bench.parity.ladder import check
from bench.parity.oracle import Expected
from impls import pytorch_tuned
from impls.contract import Backend
from impls.data import Split
from impls.errors import DeviceUnavailableError
from impls.flax_tuned import FlaxTuned
from impls.initial import initial_params
from impls.native import compiled
from impls.order import epoch_order
from impls.pytorch_tuned import Conv1ReLUPool, Conv2ReLUPool, PyTorchTuned
from impls.reference import Reference

pytestmark = pytest.mark.skipif(
    not (shutil.which("g++") or shutil.which("clang++")), reason="there is no C++ compiler to build the kernels with"
)
both = pytest.mark.parametrize("tuned", [PyTorchTuned, FlaxTuned])

FLOAT32 = 3e-6
"""Of the largest gradient: float32's 6e-8 in each of the some 2,500 terms that a gradient of conv2 sums, at random."""


def oracle() -> Reference:
    return Reference(variant="float64", device="cpu")


@both
@pytest.mark.parametrize("batch", [1, 2, 15, 16, 17, 33, 100])
def test_gradients_of_a_batch_of_any_size(
    tuned: Callable[[], Backend], batch: int, made_up: tuple[Split, Split]
) -> None:
    """Batches smaller than the parts that they are cut into, as large, and larger, with a rest and without one."""
    backend, truth = tuned(), oracle()
    params, split = initial_params(3), made_up[0]
    for each in (backend, truth):
        each.load_params(params)
    loss, grads = backend.loss_and_grads(split.images[:batch], split.labels[:batch])
    true_loss, true_grads = truth.loss_and_grads(split.images[:batch], split.labels[:batch])
    assert loss == pytest.approx(true_loss, rel=1e-6)
    for name, true in true_grads.items():
        np.testing.assert_allclose(grads[name], true, atol=FLOAT32 * np.abs(true).max(), err_msg=name)


@both
@pytest.mark.parametrize("place", range(4))
def test_a_gradient_goes_to_the_place_of_the_maximum(tuned: Callable[[], Backend], place: int) -> None:
    """Images that are bright at one place of every 2x2 only, and a kernel that passes a pixel through."""
    params = {name: np.zeros_like(value) for name, value in initial_params(0).items()}
    params["conv1.weight"][:, :, 2, 2] = 1
    params["conv2.weight"][:, :, 2, 2] = np.linspace(0.1, 1, 16)[:, None]
    for name in ("fc1.weight", "fc2.weight", "fc3.weight"):
        params[name] = np.random.default_rng(0).random(params[name].shape, np.float32)
    images = np.zeros((3, 3, 32, 32), np.float32)
    images[:, :, place // 2 :: 2, place % 2 :: 2] = np.random.default_rng(1).random((3, 3, 16, 16), np.float32)
    backend, truth = tuned(), oracle()
    for each in (backend, truth):
        each.load_params(params)
    (_, grads), (_, true_grads) = (each.loss_and_grads(images, np.arange(3)) for each in (backend, truth))
    assert np.abs(true_grads["conv1.weight"]).max() > 0
    for name, true in true_grads.items():
        np.testing.assert_allclose(grads[name], true, atol=FLOAT32 * np.abs(true).max(), err_msg=name)


@both
def test_what_is_not_a_number_stays_so(tuned: Callable[[], Backend], made_up: tuple[Split, Split]) -> None:
    """ReLU and maximum must not make a 0 of it: a diverged run would look like a bad one."""
    backend = tuned()
    params = initial_params(0)
    params["conv1.weight"][2, 1, 0, 0] = np.nan
    backend.load_params(params)
    assert np.isnan(backend.log_probs(made_up[0].images[:3])).all()


def test_threads_change_no_bit(made_up: tuple[Split, Split]) -> None:
    images, index = torch.tensor(made_up[0].images), torch.arange(50)
    parameters = [torch.tensor(value, requires_grad=True) for value in list(initial_params(0).values())[:4]]
    before, found = torch.get_num_threads(), []
    try:
        for threads in (1, 2, 3):
            torch.set_num_threads(threads)
            pool1 = Conv1ReLUPool.apply(images, index, *parameters[:2])
            pool2 = Conv2ReLUPool.apply(pool1, *parameters[2:])
            found.append((pool2, *torch.autograd.grad(pool2, parameters, grad_outputs=pool2.detach())))
    finally:
        torch.set_num_threads(before)
    for other in found[1:]:
        for one, two in zip(found[0], other, strict=True):
            assert torch.equal(one, two)


@both
def test_an_epoch_is_that_of_the_oracle(tuned: Callable[[], Backend], made_up: tuple[Split, Split]) -> None:
    train, test = made_up
    runs = []
    for backend in (tuned(), oracle()):
        backend.load_params(initial_params(0))
        data = backend.to_device(train)
        losses = [backend.train_epoch(data, epoch_order(0, epoch, 600, 100), 1e-3) for epoch in range(2)]
        runs.append((np.concatenate(losses), backend.predict(backend.to_device(test))))
    np.testing.assert_allclose(runs[0][0], runs[1][0], rtol=1e-4)
    assert (runs[0][1] == runs[1][1]).mean() > 0.99


def test_an_order_beyond_the_images_is_refused(made_up: tuple[Split, Split]) -> None:
    """C++ would read what lies there. XLA's gathers clamp instead, and so does the kernel's index."""
    backend = PyTorchTuned()
    backend.load_params(initial_params(0))
    with pytest.raises(IndexError, match="600"):
        backend.train_epoch(backend.to_device(made_up[0]), np.full((1, 100), 600), 1e-3)


# --- compiling ------------------------------------------------------------------------------------------------


@pytest.fixture
def empty_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("LENET_DATA", str(tmp_path))
    return tmp_path / "native"


def test_kernels_are_compiled_once(empty_cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    compiled.library("for_c.cpp", "-fopenmp")
    [made] = empty_cache.iterdir()
    when = made.stat().st_mtime_ns
    compiled.library("for_c.cpp", "-fopenmp")
    assert [(path, path.stat().st_mtime_ns) for path in empty_cache.iterdir()] == [(made, when)]


def test_other_options_or_another_processor_compile_anew(empty_cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    compiled.library("for_c.cpp")
    compiled.library("for_c.cpp", "-O1")
    monkeypatch.setattr(compiled, "_processor", lambda: "another")
    compiled.library("for_c.cpp")
    assert len(list(empty_cache.iterdir())) == 3


def test_no_compiler_is_said_in_a_sentence(empty_cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CXX", raising=False)
    monkeypatch.setenv("PATH", str(empty_cache))
    with pytest.raises(DeviceUnavailableError, match=r"need a C\+\+ compiler .* install g\+\+"):
        compiled.library("for_c.cpp")


def test_a_run_leaves_them_out_where_there_is_no_compiler(monkeypatch: pytest.MonkeyPatch) -> None:
    def chosen(names: list[str] | None) -> tuple[set[str], dict[str, str]]:
        choices, left_out = options._choices(names, "cpu", "fp32", quick=False)
        return {choice.label for choice in choices}, left_out

    assert {"pytorch:tuned", "flax:tuned"} <= chosen(None)[0]
    monkeypatch.setenv("CXX", "no-such-compiler")
    labels, left_out = chosen(None)
    assert set(left_out) == {"pytorch:tuned", "flax:tuned"}
    assert not labels & set(left_out)
    assert chosen(["flax:tuned"])[0] == {"flax:tuned"}, "asked for by name, it must say what is missing"


def test_a_compiler_that_fails_is_said_in_a_sentence(empty_cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = empty_cache.parent / "broken"
    broken.write_text(
        '#!/bin/sh\ncase "$*" in *--version*) echo broken 1;; *) echo "x.cpp: error: no" >&2; exit 1;; esac\n'
    )
    broken.chmod(broken.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("CXX", str(broken))
    with pytest.raises(DeviceUnavailableError, match=r"broken does not compile .* \(x.cpp: error: no\)"):
        compiled.library("for_c.cpp")
    assert not list(empty_cache.iterdir())


def test_the_command_says_it_without_a_traceback(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "bench.cli", "check", "pytorch:tuned", "--synthetic", "600"],
        env={"PATH": str(tmp_path), "HOME": str(tmp_path), "LENET_LOCK": str(tmp_path / "lock")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode != 0
    assert "C++ compiler" in " ".join((done.stdout + done.stderr).split())
    assert "Traceback" not in done.stdout + done.stderr


# --- planted defects ------------------------------------------------------------------------------------------

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
    sources = Path(shutil.copytree(compiled.SOURCES, tmp_path / "native"))
    changed = 0
    for path in sources.glob("*.h"):
        changed += path.read_text().count(right)
        path.write_text(path.read_text().replace(right, wrong))
    assert changed == 1, "the planted defect is not in the kernels any more"
    monkeypatch.setattr(compiled, "SOURCES", sources)
    monkeypatch.setenv("LENET_DATA", str(tmp_path))
    monkeypatch.setattr(pytorch_tuned, "kernels", cache(pytorch_tuned.kernels.__wrapped__))
    report = check(PyTorchTuned(), answers, *made_up)
    assert (report.verdict, report.first_failed_rung) == ("different", rung), report.sentence
    assert re.search(where, report.sentence)
