"""Record the machine before anything is measured: driver, clocks and package versions.

Run as ``python -m bench.visit.machine FILE``.
"""

from __future__ import annotations

import json
import platform
import shutil
import subprocess
import sys
from datetime import UTC, datetime
from importlib.metadata import distributions
from pathlib import Path

from bench.base import cgroup, cores, files, machine, nvidia
from bench.base.private import without_paths


def describe() -> dict[str, object]:
    """Describe the machine in JSON values. ``nvidia_smi`` is the output of ``nvidia-smi -q``, None without it."""
    smi = shutil.which("nvidia-smi")
    query = subprocess.run([smi, "-q"], capture_output=True, text=True, check=False).stdout if smi else None
    return {
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "cpu": machine.cpu_name(),
        "cores": cores.available_cores(),
        "logical_cpus": cores.logical_cpus(),
        "cpu_quota": cgroup.cpu_quota(),
        "gpu": nvidia.gpu_name(),
        "gpu_driver": nvidia.gpu_driver(),
        "system": platform.platform(),
        "python": platform.python_version(),
        "packages": dict(sorted((str(each.metadata["Name"]), each.version) for each in distributions())),
        "nvidia_smi": without_paths(query),  # it lists programs
    }


if __name__ == "__main__":
    files.write(Path(sys.argv[1]), json.dumps(describe(), indent=1) + "\n")
