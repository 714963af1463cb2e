"""A file is written whole or not at all."""

from __future__ import annotations

import resource
from pathlib import Path

import pytest

from bench.base import files


def test_a_file_is_whole_or_as_it_was(tmp_path: Path) -> None:
    """The kernel refuses to write on, after half of it."""
    path = tmp_path / "results.json"
    files.write(path, "as it was")
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (5_000, limits[1]))
    try:
        with pytest.raises(OSError, match="too large"):
            files.write(path, 10_000 * "x")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert path.read_text() == "as it was"
    assert [p.name for p in tmp_path.iterdir()] == ["results.json"]
