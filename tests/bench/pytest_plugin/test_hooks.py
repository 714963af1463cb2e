"""Collecting the benchmarks imports no framework."""

from __future__ import annotations

import sys

import pytest

from command import finished


@pytest.mark.slow
def test_collecting_imports_no_framework() -> None:
    code = (
        "import sys, pytest; code = pytest.main(['bench', '--collect-only', '-q']);"
        "found = [m for m in ('torch', 'jax', 'flax', 'torchvision') if m in sys.modules];"
        "sys.exit(f'imported {found}' if found else int(code))"
    )
    done = finished([sys.executable, "-c", code])
    assert done.returncode == 0, done.stderr
    assert "test_epoch[flax:jit]" in done.stdout
