"""Whether a compiler can build what a variant needs, found by compiling a few lines with it."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from functools import cache
from pathlib import Path

from impls.native.build import OPTIONS

TIMEOUT_SECONDS = 60

SOURCES = {
    "c": "#include <stddef.h>\nint answer(void) { return 42; }\n",
    "c++": "#include <cstdint>\n#include <memory>\nint answer() { return *std::make_unique<int>(42); }\n",
    "openmp": "#include <omp.h>\nint answer() { return omp_get_max_threads(); }\n",
}


def kernels_lack(*options: str) -> str | None:
    """Why the kernels of this folder cannot be compiled with these options, or None.

    Args:
        options: to the compiler beside `impls.native.build.OPTIONS`, e.g. "-fopenmp".
    """
    named = os.environ.get("CXX", "").strip()
    words = [named] if shutil.which(named) else named.split()  # "ccache g++" is two words
    compiler = next((each for each in ([words] if words else [["g++"], ["clang++"]]) if shutil.which(each[0])), None)
    if compiler is None:
        return "there is no C++ compiler"
    return _tried(tuple(compiler), (*OPTIONS, *options), "openmp" if "-fopenmp" in options else "c++")


def c_compiler_lacks() -> str | None:
    """Why Triton's launchers in C, which `torch.compile` builds on a GPU, cannot be compiled, or None."""
    named = os.environ.get("CC")  # Triton takes it for one word
    compiler = next(filter(shutil.which, [named] if named else ["gcc", "clang"]), None)
    if compiler is None:
        return "there is no C compiler"
    return _tried((compiler,), ("-O3", "-fPIC", "-shared"), "c")


@cache
def _tried(compiler: tuple[str, ...], options: tuple[str, ...], kind: str) -> str | None:
    """Compile and link a few lines, once in a process."""
    name = " ".join(Path(word).name for word in compiler)
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / ("trial.c" if kind == "c" else "trial.cpp")
        source.write_text(SOURCES[kind])
        command = [*compiler, *options, str(source), "-o", str(source.with_suffix(".so"))]
        try:
            done = subprocess.run(
                command, capture_output=True, text=True, errors="replace", timeout=TIMEOUT_SECONDS, check=False
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            return f"{name} does not run ({error})"
    if not done.returncode:
        return None
    lines = (done.stderr.strip() or "no message").splitlines()
    return f"{name} does not compile what it needs ({next((line for line in lines if 'error' in line), lines[0])})"
