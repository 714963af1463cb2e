"""The parts of `.ci` that choose what to run."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

FINDER = Path(__file__).parents[1] / ".ci" / "python"


def _find(version: str, path: str, home: Path) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PATH": path, "HOME": str(home)}
    return subprocess.run(
        [str(shutil.which("bash")), FINDER, version], capture_output=True, text=True, env=environment, check=False
    )


def test_a_shim_that_cannot_start_is_passed_over(tmp_path: Path) -> None:
    """pyenv puts shims of versions that are not switched on into PATH; they exit with 127 (CI failed on it once)."""
    shims, version = tmp_path / "shims", f"{sys.version_info.major}.{sys.version_info.minor}"
    shims.mkdir()
    (shims / f"python{version}").write_text("#!/bin/sh\necho 'pyenv: command not found' >&2\nexit 127\n")
    (shims / f"python{version}").chmod(0o755)
    for name in ("bash", "ls", "sort"):
        (shims / name).symlink_to(str(shutil.which(name)))
    assert _find(version, str(shims), tmp_path).returncode == 1

    real = tmp_path / ".pyenv" / "versions" / f"{version}.99" / "bin" / "python"
    real.parent.mkdir(parents=True)
    real.write_text(f'#!/bin/sh\nexec {sys.executable} "$@"\n')
    real.chmod(0o755)
    found = _find(version, str(shims), tmp_path)
    assert (found.returncode, found.stdout.strip()) == (0, str(real))
