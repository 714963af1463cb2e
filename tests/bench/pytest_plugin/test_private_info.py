"""Nothing that names a person or a host gets into a results file by itself."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from bench.base import machine
from bench.pytest_plugin import hooks


def test_the_hosts_name_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine, "cpu_info", lambda: {"brand_raw": "Abacus"})
    config: Any = SimpleNamespace(stash={hooks.SETTINGS: SimpleNamespace(about=None)})
    info = {"node": "alices-laptop", "system": "Linux"}
    hooks.pytest_benchmark_update_machine_info(config, info)
    assert "node" not in info
    assert info["system"] == "Linux"
    assert info["cpu"] == {"brand_raw": "Abacus"}


def test_names_of_folders_and_branches_are_left_out(tmp_path: Path) -> None:
    config: Any = SimpleNamespace(rootpath=tmp_path)
    info = {"id": "0123", "dirty": False, "project": "alice", "branch": "alice/fix", "error": "'/home/alice'"}
    hooks.pytest_benchmark_update_commit_info(config, info)
    assert info == {"id": "0123", "dirty": False}
