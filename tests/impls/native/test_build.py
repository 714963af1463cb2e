"""The kernels are compiled once, and a missing or broken compiler is one sentence."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from impls.errors import DeviceUnavailableError
from impls.native import build
from needs import needs_kernel_compiler

pytestmark = needs_kernel_compiler


@pytest.fixture
def empty_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("LENET_DATA", str(tmp_path))
    return tmp_path / "native"


def test_kernels_are_compiled_once(empty_cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    build.library("for_c.cpp", "-fopenmp")
    [made] = empty_cache.iterdir()
    when = made.stat().st_mtime_ns
    build.library("for_c.cpp", "-fopenmp")
    assert [(path, path.stat().st_mtime_ns) for path in empty_cache.iterdir()] == [(made, when)]


@pytest.mark.slow
def test_other_options_or_another_processor_compile_anew(empty_cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    build.library("for_c.cpp")
    build.library("for_c.cpp", "-O1")
    monkeypatch.setattr(build, "_processor", lambda: "another")
    build.library("for_c.cpp")
    assert len(list(empty_cache.iterdir())) == 3


def test_no_compiler_is_said_in_a_sentence(empty_cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CXX", raising=False)
    monkeypatch.setenv("PATH", str(empty_cache))
    with pytest.raises(DeviceUnavailableError, match=r"need a C\+\+ compiler .* install g\+\+"):
        build.library("for_c.cpp")


def test_a_compiler_that_fails_is_said_in_a_sentence(empty_cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = empty_cache.parent / "broken"
    broken.write_text(
        '#!/bin/sh\ncase "$*" in *--version*) echo broken 1;; *) echo "x.cpp: error: no" >&2; exit 1;; esac\n'
    )
    broken.chmod(broken.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("CXX", str(broken))
    with pytest.raises(DeviceUnavailableError, match=r"broken does not compile .* \(x.cpp: error: no\)"):
        build.library("for_c.cpp")
    assert not list(empty_cache.iterdir())
