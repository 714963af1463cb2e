"""The data set is prepared by a process of its own, so that one which only measures imports no framework."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.base.splits import ensure_prepared
from impls.errors import LenetError


def test_a_process_of_its_own_prepares_the_data(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """Here one that cannot, which shows that it ran and that its failure is noticed."""
    no_folder = tmp_path / "a file"
    no_folder.touch()
    with pytest.raises(LenetError, match="could not be prepared; see above"):
        ensure_prepared(str(no_folder))
    assert "cannot be used" in capfd.readouterr().err
