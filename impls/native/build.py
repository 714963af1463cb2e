"""Compile the kernels for this processor, once, and keep the library in a folder of this user alone."""

from __future__ import annotations

import ctypes
import hashlib
import os
import platform
import shutil
import subprocess
import tempfile
from pathlib import Path

from impls.data.private_folder import private_folder
from impls.errors import DeviceUnavailableError

SOURCES = Path(__file__).parent
OPTIONS = ("-std=c++17", "-O3", "-march=native", "-fPIC", "-shared")


def library(source: str, *options: str) -> ctypes.CDLL:
    """The library of one of this folder's C++ files.

    It is compiled with ``$CXX``, else g++ or clang++, unless the cache holds what these sources, options and
    compiler give on this processor. Processes may do so at the same time.

    Args:
        source: e.g. "for_c.cpp".
        options: to the compiler, beside `OPTIONS`.

    Raises:
        DeviceUnavailableError: there is no compiler, or it refuses the sources.
    """
    compiler = find_compiler()
    if compiler is None:
        raise DeviceUnavailableError(
            "The tuned variants need a C++ compiler and there is none; install g++ or clang++, or name yours in $CXX."
        )
    command = [*compiler, *OPTIONS, *options, str(SOURCES / source)]
    parts = [path.read_text() for path in sorted(SOURCES.glob("*.h"))] + [(SOURCES / source).read_text()]
    digest = hashlib.sha256("\n".join([*parts, *command, _run([*compiler, "--version"]), _processor()]).encode())
    folder = private_folder("native")  # what is loaded runs with this user's rights
    path = folder / f"{Path(source).stem}-{digest.hexdigest()[:16]}.so"
    if not path.exists():
        with tempfile.TemporaryDirectory(dir=folder) as aside:
            made = Path(aside) / path.name
            _run([*command, "-o", str(made)])
            made.rename(path)
    return ctypes.CDLL(str(path))


def find_compiler() -> list[str] | None:
    """``$CXX``, which may be several words ("ccache g++"), else g++ or clang++; None where there is none."""
    named = os.environ.get("CXX", "").strip()
    words = [named] if shutil.which(named) else named.split()
    return next((each for each in ([words] if words else [["g++"], ["clang++"]]) if shutil.which(each[0])), None)


def _run(command: list[str]) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        why = (done.stderr.strip() or "no message").splitlines()
        first = next((line for line in why if "error" in line), why[0])
        raise DeviceUnavailableError(
            f"{Path(command[0]).name} does not compile the tuned variants' kernels ({first}); "
            "name another compiler in $CXX."
        )
    return done.stdout


def _processor() -> str:
    """What ``-march=native`` depends on, so that a cache on a shared disk never serves another processor's code."""
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor() + platform.machine()
    return "".join(sorted({line for line in lines if line.startswith(("model", "flags", "Features", "CPU part"))}))
