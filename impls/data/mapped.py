"""Images that exist in this process alone, in the form in which prepared ones are read."""

from __future__ import annotations

import os
import tempfile
from typing import BinaryIO

import numpy as np

from impls.errors import DataError


def mapped(images: np.ndarray) -> np.ndarray:
    """Copy images into a file without a name and map it, as `impls.data.load` maps the cache's.

    So a backend that cannot take a read-only memory map cannot take any split. The system frees the file once nothing
    uses it, however the process ends.

    Args:
        images: at least one.

    Returns:
        A read-only `np.memmap` of the same shape, type and values, in C order; its ``filename`` is None.

    Raises:
        DataError: there is no room for them.
    """
    try:
        with _file_without_a_name() as file:
            np.save(file, images)
            file.flush()
            begin = file.tell() - images.nbytes  # after the header of NumPy's format, as in the cache
            return np.memmap(file, images.dtype, "r", begin, images.shape)
    except OSError as error:
        raise DataError(f"There is no room for {images.nbytes:,} bytes of images ({error}); use fewer.") from error


def _file_without_a_name() -> BinaryIO:
    if hasattr(os, "memfd_create"):  # Linux: in memory, so that no disk is busy while something is timed
        return open(os.memfd_create("lenet-parity-images"), "w+b")
    return tempfile.TemporaryFile()
