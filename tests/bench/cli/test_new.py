"""``lenet-bench new``: names, files, and a skeleton that becomes a backend when its gaps are filled."""

from __future__ import annotations

import ast
import fnmatch
import importlib.util
import os
import subprocess
import sys
import tomllib
from pathlib import Path

import numpy as np
import pytest

from bench.cli import new as command
from bench.guard.backend import Guarded
from bench.parity.ladder import check
from bench.parity.oracle import Expected
from bench.parity.rungs import RUNGS
from command import ROOT
from command_output import said
from impls.contract import Backend
from impls.data import Split
from impls.errors import BackendError, LenetError
from impls.reference.network import max_pool, max_pool_backward

LENET_BENCH = ("-c", "import lenet_parity_start; lenet_parity_start.lenet_bench()")

FILLINGS = {
    "to_device": "return self.reference.to_device(split)",
    "load_params": "self.reference.load_params(params)",
    "export_params": "return self.reference.export_params()",
    "read_batch": "return self.reference.read_batch(data, indices)",
    "log_probs": "return self.reference.log_probs(images)",
    "loss_and_grads": "return self.reference.loss_and_grads(images, labels)",
    "train_epoch": "return self.reference.train_epoch(data, order, lr)",
    "predict": "return self.reference.predict(data)",
}
"""For each gap of the skeleton, in their order, a sound program."""

STARTS = """\
        from impls.reference.backend import Reference

        self.reference = Reference(variant="float32", device=device, precision=precision)

    def to_device"""


def filled(text: str, methods: list[str]) -> str:
    """The skeleton with these methods written."""
    lines = text.split("\n")
    cls = next(node for node in ast.parse(text).body if isinstance(node, ast.ClassDef))
    for method in (node for node in cls.body if isinstance(node, ast.FunctionDef)):
        if method.name in methods:
            gap = method.body[-1]
            assert isinstance(gap, ast.Raise), method.name
            lines[gap.lineno - 1] = " " * gap.col_offset + FILLINGS[method.name]
    return "\n".join(lines).replace("    def to_device", STARTS)


def backend_in(path: Path) -> Backend:
    spec = importlib.util.spec_from_file_location("my_backend", path)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.MyBackend(variant="default", device="cpu", precision="fp32")


@pytest.fixture
def skeleton(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    command.new("my_backend")
    return tmp_path / "my_backend.py"


def python(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run Python in a folder, with the suite importable from elsewhere."""
    return subprocess.run(
        [sys.executable, "-P", *arguments],
        cwd=folder,
        env={**os.environ, "COLUMNS": "200", "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


# --- names ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "module", "cls"),
    [
        ("my_backend", "my_backend", "MyBackend"),
        ("MyBackend", "my_backend", "MyBackend"),
        ("MLXLeNet", "mlx_lenet", "MLXLeNet"),
        ("lenet5", "lenet5", "Lenet5"),
        ("Chip2Backend", "chip2_backend", "Chip2Backend"),
        ("x_1", "x_1", "X1"),
    ],
)
def test_a_name_in_either_spelling_gives_module_and_class(name: str, module: str, cls: str) -> None:
    assert command.names(name) == (module, cls)


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("my-backend", "letters and digits"),
        ("my_Backend", "letters and digits"),
        ("../mine", "letters and digits"),
        ("1st", "a letter first"),
        ("_mine", "a letter first"),
        ("größe", "ASCII letters"),
        ("mine\n", "ASCII letters"),
        ("", "ASCII letters"),
        ("class", "class is a keyword of Python"),
        ("Class", "class is a keyword of Python"),
        ("none", "None is a keyword of Python"),
        ("backend", "another class Backend"),
        ("Exception", "another class Exception"),
        ("numpy", "would hide the module numpy"),
        ("JSON", "would hide the module json"),
    ],
)
def test_a_name_that_cannot_be_one_is_a_sentence(
    name: str, why: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(LenetError, match=r"^'.*' cannot be a backend's name: .*\.$") as error:
        command.new(name)
    assert why in str(error.value)
    assert not list(tmp_path.iterdir())


# --- files ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("there", ["my_backend.py", "test_my_backend.py"])
def test_nothing_is_overwritten(there: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / there).write_text("mine")
    with pytest.raises(LenetError, match=f"^{there}: already here; nothing was written"):
        command.new("MyBackend")
    assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [(there, "mine")]


def test_a_link_to_nowhere_is_not_followed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "my_backend.py").symlink_to(tmp_path / "elsewhere.py")
    with pytest.raises(LenetError, match="already here"):
        command.new("my_backend")
    assert not (tmp_path / "elsewhere.py").exists()


def test_what_cannot_be_written_whole_is_not_written_at_all(tmp_path: Path) -> None:
    files = {tmp_path / "a.py": "a", tmp_path / "no such folder" / "b.py": "b"}
    with pytest.raises(LenetError, match=r"b\.py cannot be written here: No such file or directory\.$"):
        command.write_new(files)
    assert not list(tmp_path.iterdir())


def test_the_skeleton_is_packaged() -> None:
    patterns = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["setuptools"]["package-data"]["*"]
    files = [path.name for path in command.SKELETON.iterdir() if path.is_file()]
    assert sorted(files) == ["backend.py.txt", "test.py.txt"]
    assert all(any(fnmatch.fnmatch(name, pattern) for pattern in patterns) for name in files)


# --- the skeleton ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("config", [("--isolated",), ("--config", str(ROOT / "pyproject.toml"))])
def test_ruff_finds_nothing_to_complain_of(skeleton: Path, config: tuple[str, ...]) -> None:
    for path in (skeleton, skeleton.with_name("test_my_backend.py")):
        found = python(skeleton.parent, "-m", "ruff", "check", "--no-cache", *config, path.name)
        assert found.returncode == 0, found.stdout + found.stderr
    config_of_line_length = config if "--config" in config else (*config, "--line-length", "120")
    found = python(skeleton.parent, "-m", "ruff", "format", "--no-cache", "--check", *config_of_line_length, ".")
    assert found.returncode == 0, found.stdout + found.stderr


def test_it_has_every_method_of_the_contract(skeleton: Path) -> None:
    text = skeleton.read_text()
    methods = [name for name, value in vars(Backend).items() if callable(value) and not name.startswith("_")]
    assert {"load_params", "activations", "many"} <= set(methods)
    for name in methods:
        assert text.count(f"def {name}(self") == 1, name
    for name in Backend.__abstractmethods__ - {"__init__"}:
        assert f"    def {name}(self" in text, name
    assert set(FILLINGS) == Backend.__abstractmethods__ - {"__init__"}


NEEDED_ON = {
    "load_params": "contract",
    "export_params": "contract",
    "read_batch": "data",
    "log_probs": "forward",
    "loss_and_grads": "loss",
    "train_epoch": "optimizer",
    "predict": "sequence",
}
"""The first rung that needs a method."""


def test_its_gaps_are_filled_one_after_the_other(
    skeleton: Path, made_up: tuple[Split, Split], answers: Expected
) -> None:
    """What is written is checked before the rest is; once nothing is missing, it is equivalent."""
    empty, gaps = skeleton.read_text(), list(FILLINGS)
    skeleton.write_text(filled(empty, gaps[:1]))
    for number, (gap, rung) in enumerate(NEEDED_ON.items(), 1):
        assert gap == gaps[number]
        skeleton.write_text(filled(empty, gaps[:number]))
        with pytest.raises(BackendError) as error:
            check(backend_in(skeleton), answers, *made_up)
        assert str(error.value) == f"On the rung '{rung}', {gap} raised NotImplementedError: it is not written yet"
    skeleton.write_text(filled(empty, gaps))
    assert check(backend_in(skeleton), answers, *made_up).verdict == "equivalent"


def test_what_is_written_is_checked_before_the_rest_is(
    skeleton: Path, made_up: tuple[Split, Split], answers: Expected
) -> None:
    """A defect is found on its own rung, whatever is missing above it."""
    written = filled(skeleton.read_text(), ["to_device", "load_params", "export_params", "read_batch", "log_probs"])
    skeleton.write_text(
        written.replace("self.reference.log_probs(images)", "self.reference.log_probs(images[:, ::-1])")
    )
    report = check(backend_in(skeleton), answers, *made_up)
    assert (report.verdict, report.first_failed_rung) == ("different", "forward")


WITH_CHANNELS_LAST = """\
x = where(x[:, :, 0::2] >= x[:, :, 1::2], x[:, :, 0::2], x[:, :, 1::2])
x = where(x[:, 0::2] >= x[:, 1::2], x[:, 0::2], x[:, 1::2])
"""


def test_the_pooling_that_it_shows_gives_the_first_of_tied_maxima_the_whole_gradient(skeleton: Path) -> None:
    jax = pytest.importorskip("jax")
    import jax.numpy as jnp

    comments = [line.lstrip("# ") for line in skeleton.read_text().splitlines() if line.startswith("#")]
    shown = [line for line in comments if line.startswith("x = where(")]
    guide = [line.strip() for line in (ROOT / "impls" / "README.md").read_text().splitlines()]
    assert [line for line in guide if line.startswith("x = where(")] == shown

    def pooling(lines: list[str], axes: tuple[int, ...] = (0, 1, 2, 3)) -> tuple[np.ndarray, np.ndarray]:
        """What it gives out, and the gradient that it hands on; the axes are those of its own images."""

        def pool(x: jax.Array) -> jax.Array:
            names = {"where": jnp.where, "x": x.transpose(axes)}
            exec("\n".join(lines), names)
            return names["x"].transpose(np.argsort(axes))

        out, hand_on = jax.vjp(pool, jnp.array(x))
        return np.array(out), np.array(hand_on(jnp.array(above))[0])

    draw = np.random.default_rng(0)
    x = draw.integers(0, 3, (20, 6, 28, 28)).astype(np.float32)  # nearly every window has tied maxima
    pooled, winner = max_pool(x)
    above = draw.normal(size=pooled.shape).astype(np.float32)
    true = max_pool_backward(above, winner)
    for out, gradient in (pooling(shown), pooling(WITH_CHANNELS_LAST.splitlines(), (0, 2, 3, 1))):
        np.testing.assert_array_equal(out, pooled)
        np.testing.assert_array_equal(gradient, true)
    out, gradient = pooling(shown[::-1])
    np.testing.assert_array_equal(out, pooled)
    assert (gradient != true).any()


def test_no_gap_is_left_open_by_chance(skeleton: Path, made_up: tuple[Split, Split]) -> None:
    guarded = Guarded(backend_in(skeleton))
    with pytest.raises(BackendError, match="^to_device raised NotImplementedError: it is not written yet$"):
        guarded.to_device(made_up[0])
    assert guarded.export_optimizer() is None  # the optional ones are the contract's own
    assert guarded.many() is None


# --- from outside ---------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_the_printed_commands_work(tmp_path: Path) -> None:
    done = python(tmp_path, *LENET_BENCH, "new", "MyBackend")
    assert done.returncode == 0, done.stderr
    printed = [line.split("  #")[0].strip() for line in done.stdout.splitlines() if line.startswith("    ")]
    checked, real, tested, timed = printed
    assert checked == "lenet-bench check my_backend:MyBackend --synthetic 600"
    assert (real, timed) == ("lenet-bench check my_backend:MyBackend", "lenet-bench time my_backend:MyBackend")
    assert Path(done.stdout.split("The guide: ")[1].strip()).read_text().startswith("# Adding a backend")

    first = python(tmp_path, *LENET_BENCH, *checked.split()[1:])
    assert first.returncode == 2
    assert "error: my_backend:MyBackend: to_device raised NotImplementedError: it is not written yet" in said(first)
    assert "Traceback" not in said(first)
    test = ("-m", *tested.split(), "-p", "no:cacheprovider")
    failing = python(tmp_path, *test)
    assert failing.returncode == 1
    assert "to_device raised NotImplementedError: it is not written yet" in said(failing)

    path = tmp_path / "my_backend.py"
    path.write_text(filled(path.read_text(), list(FILLINGS)))
    last = python(tmp_path, *LENET_BENCH, *checked.split()[1:])
    assert last.returncode == 0, said(last)
    assert f"Equivalent: all {len(RUNGS)} rungs agree" in last.stdout
    passing = python(tmp_path, *test)
    assert passing.returncode == 0, said(passing)


@pytest.mark.slow
def test_a_bad_name_ends_in_a_sentence(tmp_path: Path) -> None:
    done = python(tmp_path, *LENET_BENCH, "new", "my-backend")
    assert done.returncode == 2
    assert done.stderr.startswith("error: 'my-backend' cannot be a backend's name: give ASCII letters and digits")
    assert not list(tmp_path.iterdir())
