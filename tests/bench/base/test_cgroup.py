"""A container's CPU quota and memory limit count, not the host's CPUs and memory."""

from __future__ import annotations

from pathlib import Path

import psutil
import pytest

from bench.base import cgroup, cores
from bench.base.memory import available_memory
from bench.base.settings import Settings
from bench.worker.process import WorkerProcess
from impls.errors import LenetError

V2 = "30 20 0:26 / /sys/fs/cgroup rw - cgroup2 cgroup rw,nsdelegate"
V1 = """31 20 0:27 {root} /sys/fs/cgroup/cpu,cpuacct rw shared:9 - cgroup cgroup rw,cpu,cpuacct
32 20 0:28 {root} /sys/fs/cgroup/memory rw shared:10 - cgroup cgroup rw,memory"""


def tree(root: Path, groups: str, mounts: str, **files: str) -> Path:
    """A made-up file system; a file's name is its path below /sys/fs/cgroup, "/" written as "__"."""
    found = {"proc/self/cgroup": groups, "proc/self/mountinfo": mounts}
    found |= {"sys/fs/cgroup/" + name.replace("__", "/"): text for name, text in files.items()}
    for name, text in found.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text + "\n")
    return root


def v2(root: Path, group: str, files: dict[str, str]) -> Path:
    return tree(root, f"0::{group}", V2, **{name.replace("/", "__"): text for name, text in files.items()})


def v1(root: Path, group: str, files: dict[str, str], mounted: str = "/") -> Path:
    groups = f"5:cpu,cpuacct:{group}\n4:memory:{group}\n0::/"
    return tree(root, groups, V1.format(root=mounted), **{n.replace("/", "__"): text for n, text in files.items()})


@pytest.fixture(autouse=True)
def eight_cpus(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cores, "logical_cpus", lambda: 8)


@pytest.mark.parametrize(
    ("text", "threads"),
    [
        ("100000 100000", 1),
        ("150000 100000", 1),
        ("50000 100000", 1),
        ("200000 100000", 2),
        ("1600000 100000", 8),
        ("max 100000", 8),
    ],
)
def test_a_quota_of_version_2(tmp_path: Path, text: str, threads: int) -> None:
    assert cores.available_cores(v2(tmp_path, "/", {"cpu.max": text})) == threads


def test_a_parents_quota_holds_too(tmp_path: Path) -> None:
    files = {"a/cpu.max": "200000 100000", "a/b/cpu.max": "400000 100000", "a/b/c/cpu.max": "max 100000"}
    assert cgroup.cpu_quota(v2(tmp_path, "/a/b/c", files)) == 2


def test_another_groups_quota_does_not_hold(tmp_path: Path) -> None:
    assert cgroup.cpu_quota(v2(tmp_path, "/a", {"a/cpu.max": "max 100000", "b/cpu.max": "10000 100000"})) is None


def test_a_quota_of_version_1(tmp_path: Path) -> None:
    folder = "cpu,cpuacct/job/"
    files = {folder + "cpu.cfs_quota_us": "150000", folder + "cpu.cfs_period_us": "100000"}
    root = v1(tmp_path, "/job", files)
    assert cgroup.cpu_quota(root) == 1.5
    assert cores.described(root) == "1 logical CPU available (a CPU quota of 1.5)"


def test_no_quota_of_version_1(tmp_path: Path) -> None:
    files = {"cpu,cpuacct/cpu.cfs_quota_us": "-1", "cpu,cpuacct/cpu.cfs_period_us": "100000"}
    assert cgroup.cpu_quota(v1(tmp_path, "/", files)) is None


@pytest.mark.parametrize("mounted", ["/docker/0123", "/../.."])
def test_a_container_that_sees_its_group_mounted_as_the_top(tmp_path: Path, mounted: str) -> None:
    files = {"cpu,cpuacct/cpu.cfs_quota_us": "300000", "cpu,cpuacct/cpu.cfs_period_us": "100000"}
    assert cgroup.cpu_quota(v1(tmp_path, "/docker/0123", files, mounted)) == 3


def test_memory_of_version_2_is_the_least_of_all_limits(tmp_path: Path) -> None:
    files = {
        "a/memory.max": "1000000",
        "a/memory.high": "900000",
        "a/memory.current": "500000",
        "a/memory.stat": "anon 300000\ninactive_file 200000",
        "a/b/memory.max": "max",
        "a/b/memory.high": "max",
        "a/b/memory.current": "100000",
    }
    root = v2(tmp_path, "/a/b", files)
    assert cgroup.memory_left(root) == 900_000 - (500_000 - 200_000)
    assert available_memory(root) == 600_000


def test_memory_of_version_1(tmp_path: Path) -> None:
    files = {
        "memory/memory.limit_in_bytes": "9223372036854771712",
        "memory/job/memory.limit_in_bytes": "1000000",
        "memory/job/memory.usage_in_bytes": "400000",
        "memory/job/memory.stat": "inactive_file 1\ntotal_inactive_file 100000",
    }
    assert cgroup.memory_left(v1(tmp_path, "/job", files)) == 700_000


def test_without_groups_the_machine_counts(tmp_path: Path) -> None:
    assert cores.available_cores(tmp_path) == 8
    assert cgroup.memory_left(tmp_path) is None
    assert 0 < available_memory(tmp_path) <= psutil.virtual_memory().total


def test_no_more_threads_than_the_quota_may_be_asked_for(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(cgroup, "cpu_quota", lambda root=tmp_path: 1.5)

    def settings(threads: int | None) -> Settings:
        return Settings.checked([], device="cpu", threads=threads, timeout=1, results=tmp_path, machine="abacus")

    assert settings(None).threads == 1
    with pytest.raises(LenetError, match=r"--threads 2 is not between 1 and the 1 logical CPU available \(a CPU quota"):
        settings(2)


def test_a_worker_may_take_nine_tenths_of_what_its_container_has_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cgroup, "memory_left", lambda root: 2**28)
    with WorkerProcess("a worker", threads=1, timeout=10) as worker:
        assert worker.memory == int(0.9 * 2**28)
