"""What is read back from a folder of the lecture is LeNet's."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from bench.lecture.folder import read_params, write_tensors
from impls.errors import LenetError


def test_parameters_of_another_network_are_refused(tmp_path: Path) -> None:
    write_tensors(tmp_path / "final.safetensors", {"conv1.weight": np.zeros((6, 1, 5, 5))}, {})
    with pytest.raises(LenetError, match="does not hold LeNet's parameters"):
        read_params(tmp_path / "final.safetensors")
