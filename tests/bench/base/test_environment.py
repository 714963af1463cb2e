"""What changes arithmetic or speed is recorded, and nothing private is."""

from __future__ import annotations

import os

import pytest

from bench.base.environment import differences, recorded, set_by_user
from bench.worker.process import worker_environment

ISSUE = (
    *("GOMP_CPU_AFFINITY", "OMP_PROC_BIND", "OMP_PLACES", "KMP_AFFINITY", "KMP_BLOCKTIME", "JAX_DISABLE_JIT"),
    *("XLA_FLAGS", "NVIDIA_TF32_OVERRIDE", "CUDA_LAUNCH_BLOCKING", "ONEDNN_DEFAULT_FPMATH_MODE", "DNNL_VERBOSE"),
    *("TORCH_ALLOW_TF32_CUBLAS_OVERRIDE", "PYTORCH_CUDA_ALLOC_CONF", "CUBLAS_WORKSPACE_CONFIG", "CUDNN_LOGINFO_DBG"),
    *("JAX_ENABLE_X64", "MKL_CBWR", "TF_NUM_INTEROP_THREADS", "MALLOC_ARENA_MAX", "LD_PRELOAD"),
)


@pytest.mark.parametrize("name", ISSUE)
def test_what_changes_arithmetic_or_speed_is_recorded(name: str) -> None:
    assert recorded({name: "1"}) == {name: "1"}


@pytest.mark.parametrize(
    ("name", "value", "kept"),
    [
        ("LD_PRELOAD", "/home/ann/lib/libjemalloc.so.2:/opt/x.so", "libjemalloc.so.2 x.so"),
        ("XLA_FLAGS", "--xla_dump_to=/home/ann/dump --xla_a=true", "--xla_dump_to=(path) --xla_a=true"),
        ("JAX_COMPILATION_CACHE_DIR", "~/cache", "(path)"),
        ("TRITON_DUMP_DIR", r"C:\Users\ann", "(path)"),
        ("TORCH_HUB_TOKEN", "hunter2", "(set)"),
        ("JAX_SHARE", "https://ann:pw@host/x", "(path)"),
        ("CXX", "ccache g++", "ccache g++"),
    ],
)
def test_what_may_be_private_is_not_kept(name: str, value: str, kept: str) -> None:
    assert recorded({name: value}) == {name: kept}


@pytest.mark.parametrize(
    "name", ["HOME", "USER", "TORCH_HOME", "TORCHINDUCTOR_CACHE_DIR", "MKL_ROOT", "AWS_SECRET_ACCESS_KEY", "PATH"]
)
def test_nothing_else_is_recorded(name: str) -> None:
    assert recorded({name: "x"}) == {}


def test_workers_get_nothing_that_binds_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    names = ("GOMP_CPU_AFFINITY", "OMP_PROC_BIND", "OMP_PLACES", "KMP_AFFINITY", "KMP_HW_SUBSET")
    for name in names:
        monkeypatch.setenv(name, "0")
    monkeypatch.setenv("NVIDIA_TF32_OVERRIDE", "0")
    environment = worker_environment(2)
    assert not set(names) & set(environment)
    assert environment["NVIDIA_TF32_OVERRIDE"] == "0"


def test_what_the_harness_sets_is_recorded_as_set() -> None:
    assert recorded(worker_environment(3))["OMP_NUM_THREADS"] == "3"


def test_what_the_harness_sets_is_told_from_what_the_user_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in recorded(os.environ):
        monkeypatch.delenv(name)
    assert set_by_user(recorded(worker_environment(3)), 3) == {}
    monkeypatch.setenv("OMP_NUM_THREADS", "7")  # workers do not get it
    monkeypatch.setenv("MALLOC_ARENA_MAX", "1")
    assert set_by_user(recorded(worker_environment(3)), 3) == {"MALLOC_ARENA_MAX": "1"}


def test_what_another_version_of_the_harness_set_is_not_taken_for_todays() -> None:
    found = {"OMP_NUM_THREADS": "2", "MALLOC_TRIM_THRESHOLD_": "1"}
    assert set_by_user(found, 2) == {"MALLOC_TRIM_THRESHOLD_": "1"}


def test_differences_name_the_variable_and_both_values() -> None:
    assert differences({"A": "1", "C": "3"}, {"B": "2", "C": "3"}) == ["A (1 and not set)", "B (not set and 2)"]


def test_terraforms_variables_are_not_taken_for_tensorflows() -> None:
    environ = {"TF_CLI_CONFIG_FILE": "x", "TF_VAR_region": "y", "TF_ENABLE_ONEDNN_OPTS": "0", "TF_XLA_FLAGS": "--a"}
    assert recorded(environ) == {"TF_ENABLE_ONEDNN_OPTS": "0", "TF_XLA_FLAGS": "--a"}
