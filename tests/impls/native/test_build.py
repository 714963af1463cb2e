"""The kernels are compiled once, and a missing or broken compiler is one sentence."""

from __future__ import annotations

import shutil
import stat
from pathlib import Path

import pytest

from impls.data import private_folder as private_module
from impls.data.private_folder import private_folder
from impls.errors import DeviceUnavailableError, LenetError
from impls.native import build
from needs import needs_kernel_compiler

pytestmark = needs_kernel_compiler


@pytest.fixture
def empty_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("LENET_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    return private_folder("native")


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
    broken = empty_cache.parents[1] / "broken"
    broken.write_text(
        '#!/bin/sh\ncase "$*" in *--version*) echo broken 1;; *) echo "x.cpp: error: no" >&2; exit 1;; esac\n'
    )
    broken.chmod(broken.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("CXX", str(broken))
    with pytest.raises(DeviceUnavailableError, match=r"broken does not compile .* \(x.cpp: error: no\)"):
        build.library("for_c.cpp")
    assert not list(empty_cache.iterdir())


def test_a_library_that_somebody_put_into_the_data_folder_is_not_loaded(
    empty_cache: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The names are the same, so code planted under them in a shared data folder used to run."""
    loaded: list[str] = []
    monkeypatch.setattr(build.ctypes, "CDLL", loaded.append)
    build.library("for_c.cpp")
    planted = tmp_path / "data" / "native" / Path(loaded[0]).name
    planted.parent.mkdir(parents=True)
    planted.write_bytes(b"planted")
    build.library("for_c.cpp")
    assert loaded == [str(empty_cache / planted.name)] * 2


def test_a_folder_open_to_others_is_not_loaded_from(
    empty_cache: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    empty_cache.chmod(0o777)
    monkeypatch.setattr(private_module.tempfile, "gettempdir", lambda: "/proc/none")
    with pytest.raises(LenetError, match="is open to other users"):
        build.library("for_c.cpp")


def test_a_compiler_of_two_words(empty_cache: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    wrapper = tmp_path / "ccache"
    wrapper.write_text('#!/bin/sh\nexec "$@"\n')
    wrapper.chmod(0o755)
    monkeypatch.setenv("CXX", f"{wrapper} {shutil.which('g++') or 'clang++'}")
    assert build.library("for_c.cpp").conv1_forward
