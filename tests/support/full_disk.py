"""A pytest plugin, for a run under test: after so many writes of a results file the disk is full."""

import errno
import os
from pathlib import Path

from bench.base import files

left = int(os.environ["LENET_TEST_WRITES"])
write = files.write


def write_or_be_full(path: Path, content: str | bytes) -> None:
    global left
    left -= path.suffix == ".json"
    if left < 0:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    write(path, content)


files.write = write_or_be_full
