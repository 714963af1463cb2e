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

ONLY_PLACES = ("*_HOME", "*_ROOT", "*_PATH")
"""Where something is installed, whatever it begins with: this changes nothing that is measured."""

PINNING = (
    *("GOMP_CPU_AFFINITY", "OMP_PROC_BIND", "OMP_PLACES", "KMP_AFFINITY", "KMP_HW_SUBSET", "KMP_PLACE_THREADS"),
    *("KMP_HIDDEN_HELPER_AFFINITY", "BLIS_THREAD_AFFINITY", "MP_BIND", "MP_BLIST"),
)
"""What binds threads to CPUs. Workers do not get it, for the harness binds them itself."""

LIBRARIES = ("LD_PRELOAD", "DYLD_INSERT_LIBRARIES")
SECRET = re.compile(r"TOKEN|SECRET|PASSW|CREDENTIAL|AUTH|(^|_)(API_?)?KEY(_|$)")
PATH = re.compile(r"[^\s=,;'\"]*[/\\~][^\s,;'\"]*")
PLACES = ("_DIR", "_FILE")
"""What ends so is a path, spaces and all."""


def without_pinning(environ: Mapping[str, str]) -> dict[str, str]:
    """The environment without what binds threads to CPUs."""
    return {name: value for name, value in environ.items() if name not in PINNING}


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
