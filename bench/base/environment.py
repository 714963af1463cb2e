"""Which environment variables change arithmetic or speed? They are recorded with every row, and nothing else is."""

from __future__ import annotations

import re
from collections.abc import Mapping
from fnmatch import fnmatchcase
from pathlib import PurePath

RECORDED = (
    *("OMP_*", "GOMP_*", "KMP_*", "MKL_*", "OPENBLAS_*", "BLIS_*", "GOTO_*", "NUMEXPR_*", "VECLIB_*", "NPY_*"),
    *("ONEDNN_*", "DNNL_*", "TORCH_*", "TORCHINDUCTOR_*", "TORCHDYNAMO_*", "PYTORCH_*", "TRITON_*", "ATEN_*"),
    *(
        "TF_ENABLE_*",
        "TF_DISABLE_*",
        "TF_XLA_*",
        "TF_CUDNN_*",
        "TF_GPU_*",
        "TF_NUM_*",
        "TF_FORCE_*",
        "TF_DETERMINISTIC_OPS",
    ),
    *("JAX_*", "XLA_*", "CUBLAS_*", "CUBLASLT_*", "CUDNN_*", "NVIDIA_TF32_OVERRIDE"),
    *("CUDA_LAUNCH_BLOCKING", "CUDA_MODULE_LOADING", "CUDA_DEVICE_MAX_CONNECTIONS", "CUDA_FORCE_PTX_JIT"),
    *("MIOPEN_*", "ROCBLAS_*", "HIPBLASLT_*", "HIP_LAUNCH_BLOCKING", "AMD_SERIALIZE_KERNEL", "SYCL_*"),
    *("MALLOC_*", "GLIBC_TUNABLES", "LD_PRELOAD", "DYLD_INSERT_LIBRARIES", "PYTHONMALLOC", "PYTHONOPTIMIZE"),
    *("PYTHONDEVMODE", "CC", "CXX", "CFLAGS", "CXXFLAGS"),
)
"""Names, or patterns of names, of the variables that are recorded."""

ONLY_PLACES = ("*_HOME", "*_ROOT", "*_PATH", "TORCHINDUCTOR_CACHE_DIR")
"""Where something is kept, whatever it begins with: this changes nothing that is measured."""

PINNING = (
    *("GOMP_CPU_AFFINITY", "OMP_PROC_BIND", "OMP_PLACES", "KMP_AFFINITY", "KMP_HW_SUBSET", "KMP_PLACE_THREADS"),
    *("KMP_HIDDEN_HELPER_AFFINITY", "BLIS_THREAD_AFFINITY", "MP_BIND", "MP_BLIST"),
)
"""What binds threads to CPUs. Workers do not get it, for the harness binds them itself."""

POOLS = ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS")
KEEP_MEMORY = {"MALLOC_TRIM_THRESHOLD_": str(2**30), "MALLOC_MMAP_THRESHOLD_": str(2**25)}  # the latter's maximum

LIBRARIES = ("LD_PRELOAD", "DYLD_INSERT_LIBRARIES")
SECRET = re.compile(r"TOKEN|SECRET|PASSW|CREDENTIAL|AUTH|(^|_)(API_?)?KEY(_|$)")
PATH = re.compile(r"[^\s=,;'\"]*[/\\~][^\s,;'\"]*")
PLACES = ("_DIR", "_FILE")
"""What ends so is a path, spaces and all."""


def without_pinning(environ: Mapping[str, str]) -> dict[str, str]:
    """The environment without what binds threads to CPUs."""
    return {name: value for name, value in environ.items() if name not in PINNING}


def of_workers(threads: int) -> dict[str, str]:
    """What the harness itself sets for every worker, of what is recorded.

    Every thread pool has ``threads`` threads. And glibc keeps the memory that a step frees: by default it may give
    it back to the kernel and fault it in anew in every step, or not, as the heap's layout happens to fall out. That
    is decided once a process and slows all its epochs of PyTorch eager on a CPU by up to a half, so that two
    workers of one variant would differ by more than any interval says (mallopt(3), M_TRIM_THRESHOLD).
    """
    return {**dict.fromkeys(POOLS, str(threads)), **KEEP_MEMORY}


def set_by_user(found: Mapping[str, str], threads: int) -> dict[str, str]:
    """A recorded environment of a worker with ``threads`` threads, without what the harness sets for all workers."""
    own = of_workers(threads)
    return {name: value for name, value in found.items() if own.get(name) != value}


def recorded(environ: Mapping[str, str]) -> dict[str, str]:
    """What changes arithmetic or speed, by name, in alphabetical order.

    Nothing private is kept: "(path)" stands for a path, "(set)" for the value of what may be a secret, and libraries
    loaded first have their base names only.
    """
    return {name: _public(name, environ[name]) for name in sorted(environ) if _counts(name)}


def _counts(name: str) -> bool:
    def matches(patterns: tuple[str, ...]) -> bool:
        return any(fnmatchcase(name, pattern) for pattern in patterns)

    return matches(RECORDED) and not matches(ONLY_PLACES)


def _public(name: str, value: str) -> str:
    if SECRET.search(name):
        return "(set)"
    if name in LIBRARIES:
        return " ".join(PurePath(each).name for each in re.split(r"[\s:]+", value) if each)
    if name.endswith(PLACES) and PATH.search(value):
        return "(path)"
    return PATH.sub("(path)", value)


def differences(old: Mapping[str, str], new: Mapping[str, str]) -> list[str]:
    """In which variables two recorded environments differ, with both values, e.g. "XLA_FLAGS (not set and --x)"."""
    return [
        f"{name} ({old.get(name, 'not set')} and {new.get(name, 'not set')})"
        for name in sorted(old.keys() | new.keys())
        if old.get(name) != new.get(name)
    ]
