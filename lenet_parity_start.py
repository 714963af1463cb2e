"""Start a program of this suite in a process where its packages cannot be confused with anybody else's.

    python -P lenet_parity_start.py MODULE [ARGUMENT...]

does what ``python -m MODULE`` does, with two differences: ``impls`` and ``bench`` are this suite's, even if the current
folder has others of that name, and no file in the current folder hides a module of Python's own. Modules in the current
folder, for instance a backend under test, still come before installed packages.

``lenet-bench`` and pytest's plugin begin here as well. This file has a name of its own, beside the packages, because it
must be found before they are.
"""

from __future__ import annotations

import os
import runpy
import sys
import sysconfig
from importlib.machinery import PathFinder
from importlib.util import module_from_spec
from pathlib import Path

ROOT = Path(__file__).resolve().parent
"""The folder that holds our packages: a checkout, or ``site-packages``."""

OURS = ("impls", "bench")


def claim_names() -> None:
    """Make ``impls`` and ``bench`` this suite's packages for the rest of the process, wherever it runs.

    Raises:
        ImportError: another package of that name has been imported before.
    """
    for name in OURS:
        if name not in sys.modules:
            spec = PathFinder.find_spec(name, [str(ROOT)])
            if spec is None or spec.loader is None:
                raise ImportError(f"This suite's package {name} is not in {ROOT}; install lenet-parity again.")
            module = sys.modules[name] = module_from_spec(spec)
            spec.loader.exec_module(module)
        elif Path(sys.modules[name].__file__ or "").resolve().parent != ROOT / name:
            raise ImportError(
                f"A package {name} was imported from {sys.modules[name].__path__[0]}, and {name} is also this suite's "
                "package. One process cannot hold both: rename yours, or import it in another process."
            )


def find_current_folder() -> None:
    """Let modules in the current folder be imported: after Python's own, before installed packages."""
    standard = {sysconfig.get_path("stdlib"), sysconfig.get_path("platstdlib")}
    last = max((i for i, entry in enumerate(sys.path) if entry in standard or "lib-dynload" in entry), default=-1)
    sys.path.insert(last + 1, os.getcwd())


def lenet_bench() -> None:
    """The command ``lenet-bench``."""
    claim_names()
    from bench.base.blas import one_thread

    one_thread()
    from bench.cli.app import main

    main()


if __name__ == "__main__":
    claim_names()
    find_current_folder()
    sys.argv = sys.argv[1:]
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
