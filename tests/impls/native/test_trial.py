"""A trial says what a compiler lacks, and a benchmark run leaves such variants out unless they are asked for."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from bench.pytest_plugin.options import _choices
from impls import registry
from impls.native import trial
from needs import needs_kernel_compiler

TUNED, FLAX, COMPILE = (registry.choices(name)[0] for name in ("pytorch:tuned", "flax:tuned", "pytorch:compile"))
NO_OPENMP = """#!/bin/sh
case "$*" in *-fopenmp*) echo "clang: error: unsupported option '-fopenmp'" >&2; exit 1;; esac
exec {real} "$@"
"""


def tool(folder: Path, name: str, text: str) -> Path:
    """A command of that name in ``folder``."""
    path = folder / name
    path.write_text(text)
    path.chmod(0o755)
    return path


@pytest.fixture(autouse=True)
def usual(monkeypatch: pytest.MonkeyPatch) -> None:
    trial._tried.cache_clear()
    for variable in ("CXX", "CC"):
        monkeypatch.delenv(variable, raising=False)


@needs_kernel_compiler
def test_a_compiler_that_works_lacks_nothing() -> None:
    assert (registry.lacking(TUNED), registry.lacking(FLAX)) == (None, None)


@needs_kernel_compiler
def test_a_command_of_two_words_is_a_compiler(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    wrapper = tool(tmp_path, "ccache", '#!/bin/sh\nexec "$@"\n')
    monkeypatch.setenv("CXX", f"{wrapper} {shutil.which('g++') or 'clang++'}")
    assert registry.lacking(TUNED) is None


@needs_kernel_compiler
def test_a_compiler_without_openmp_leaves_out_what_needs_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As Apple's clang; Flax's kernels run on XLA's threads and are kept."""
    real = shutil.which("g++") or shutil.which("clang++")
    monkeypatch.setenv("CXX", str(tool(tmp_path, "clang++", NO_OPENMP.format(real=real))))
    chosen, left_out = _choices(None, "cpu", "fp32")
    assert left_out.pop("flax:scan"), "known to be slow on a CPU"
    assert left_out == {
        "pytorch:tuned": "clang++ does not compile what it needs (clang: error: unsupported option '-fopenmp')"
    }
    assert "flax:tuned" in {choice.label for choice in chosen}
    named, none = _choices(["pytorch:tuned"], "cpu", "fp32")
    assert ([choice.label for choice in named], none) == (["pytorch:tuned"], {})


def test_no_compiler_at_all_leaves_out_all_that_need_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert set(_choices(None, "cpu", "fp32")[1]) == {"pytorch:tuned", "flax:tuned", "flax:scan"}
    assert _choices(None, "cuda", "fp32")[1] == {"pytorch:compile": "there is no C compiler"}


def test_a_compiler_that_cannot_run_or_fails_is_a_reason(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CXX", str(tool(tmp_path, "broken", "no program")))
    assert "broken does not" in (registry.lacking(FLAX) or "")
    monkeypatch.setenv("CC", str(tool(tmp_path, "gcc", "#!/bin/sh\nexit 1\n")))
    assert registry.lacking(COMPILE) == "gcc does not compile what it needs (no message)"


def test_a_trial_is_made_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    count = tmp_path / "count"
    monkeypatch.setenv("CXX", str(tool(tmp_path, "counts", f"#!/bin/sh\necho x >> {count}\n")))
    for _ in range(3):
        registry.lacking(FLAX)
    assert count.read_text().split() == ["x"]
