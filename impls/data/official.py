"""CIFAR-10's official files: digests, download, and a reader that executes nothing.

The batches are pickles, and a pickle can run any code. So a batch is read only after its SHA-256 is right, and then by
a reader that knows the four names which a batch needs, and replaces them by classes that only keep bytes.
"""

from __future__ import annotations

import hashlib
import io
import pickle
import shutil
import tarfile
import tempfile
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeElapsedColumn

from impls.data.images import Images
from impls.errors import DataError

FOLDER = "cifar-10-batches-py"
ARCHIVE = "cifar-10-python.tar.gz"
URL = f"https://www.cs.toronto.edu/~kriz/{ARCHIVE}"
TIMEOUT_SECONDS = 20
ARCHIVE_BYTES = 170_498_071

# SHA-256. Keras' `cifar10.py` publishes the archive's. Several public projects list those of the batches, beside the
# MD5 digests of torchvision's `CIFAR10`.
ARCHIVE_DIGEST = "6d958be074577803d12ecdefd02955f39262c83c16fe9348329d7fe0b5c001ce"
BATCH_DIGESTS = {
    "data_batch_1": "54636561a3ce25bd3e19253c6b0d8538147b0ae398331ac4a2d86c6d987368cd",
    "data_batch_2": "766b2cef9fbc745cf056b3152224f7cf77163b330ea9a15f9392beb8b89bc5a8",
    "data_batch_3": "0f00d98ebfb30b3ec0ad19f9756dc2630b89003e10525f5e148445e82aa6a1f9",
    "data_batch_4": "3f7bb240661948b8f4d53e36ec720d8306f5668bd0071dcb4e6c947f78e9682b",
    "data_batch_5": "d91802434d8376bbaeeadf58a737e3a1b12ac839077e931237e0dcd43adcb154",
    "test_batch": "f53d8d457504f7cff4ea9e021afcf0e0ad8e24a91f3fc42091b8adef61157831",
}


def from_folder(root: Path) -> tuple[Images, Images]:
    """Training and test images from the unpacked batches; ``batches.meta`` is not needed.

    Raises:
        DataError: a batch is missing, or is not the official one.
    """
    return _both(lambda name: (root / FOLDER / name).read_bytes(), root / FOLDER)


def from_archive(root: Path) -> tuple[Images, Images]:
    """Likewise from the archive, which is not unpacked.

    Raises:
        DataError: the archive is not the official one.
    """
    path = root / ARCHIVE
    check_archive(path)
    with tarfile.open(path) as archive:
        return _both(lambda name: _member(archive, f"{FOLDER}/{name}"), path)


def fetch(root: Path) -> None:
    """Download the archive into ``root``; it takes its name once it is whole and its digest is right.

    Raises:
        Exception: whatever a network, a proxy or a disk can do wrong; a `DataError` where another file arrived.
    """
    aside = Path(tempfile.mkdtemp(prefix="fetching-", dir=root))
    try:
        columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TimeElapsedColumn())
        with (
            urllib.request.urlopen(URL, timeout=TIMEOUT_SECONDS) as answer,
            (aside / ARCHIVE).open("wb") as file,
            Progress(*columns) as progress,
        ):
            task = progress.add_task(f"Downloading {ARCHIVE}", total=ARCHIVE_BYTES)
            while file.tell() <= ARCHIVE_BYTES and (block := answer.read(1 << 20)):
                file.write(block)
                progress.advance(task, len(block))
        check_archive(aside / ARCHIVE)
        (aside / ARCHIVE).rename(root / ARCHIVE)
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def check_archive(path: Path) -> None:
    """Raises: DataError: the file's SHA-256 is not the official archive's."""
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    if digest != ARCHIVE_DIGEST:
        raise DataError(f"{path} is not the official archive (its SHA-256 differs); delete it and try again")


def _member(archive: tarfile.TarFile, name: str) -> bytes:
    file = archive.extractfile(name)
    if file is None:
        raise KeyError(name)
    return file.read()


def _both(content_of: Callable[[str], bytes], place: Path) -> tuple[Images, Images]:
    parts: dict[bool, list[Images]] = {True: [], False: []}
    for name, digest in BATCH_DIGESTS.items():
        try:
            content = content_of(name)
        except (OSError, KeyError) as error:
            raise DataError(f"{place} has no readable {name}") from error
        if hashlib.sha256(content).hexdigest() != digest:
            raise DataError(f"{name} in {place} is not the official one (its SHA-256 differs)")
        parts[name != "test_batch"].append(read_batch(content))
    train, test = (
        Images(np.concatenate([each.data for each in some]), [label for each in some for label in each.targets])
        for some in parts.values()
    )
    return train, test


# --- a batch, without executing it ----------------------------------------------------------------------------


def read_batch(content: bytes) -> Images:
    """The images and labels of a pickled batch.

    Raises:
        DataError: it is damaged, or asks for anything but an array of bytes.
    """
    try:
        batch = _Reader(io.BytesIO(content), encoding="bytes").load()
        pixels, labels = batch[b"data"].content, [int(label) for label in batch[b"labels"]]
        if not 0 <= min(labels) <= max(labels) <= 9:
            raise ValueError("a label is not a class from 0 to 9")
        data = np.frombuffer(pixels, np.uint8).reshape(len(labels), 3, 32, 32).transpose(0, 2, 3, 1)
    except Exception as error:  # a broken pickle raises whatever its bytes happen to call for
        raise DataError(f"A batch of CIFAR-10 cannot be read ({error})") from error
    return Images(data, labels)


class _Array:
    """Stands in for a NumPy array in a pickle, and keeps its bytes."""

    content: bytes = b""

    def __init__(self, *_: Any) -> None:
        pass

    def __setstate__(self, state: tuple[Any, ...]) -> None:
        content = state[-1]
        if not isinstance(content, bytes):
            raise pickle.UnpicklingError("an array does not hold bytes")
        self.content = content


class _Type:
    """Stands in for a NumPy type, and for an array's class."""

    def __init__(self, *_: Any) -> None:
        pass

    def __setstate__(self, state: Any) -> None:
        pass


class _Reader(pickle.Unpickler):
    """Knows only what a batch needs; nothing that a pickle names is ever imported or called."""

    KNOWN = {  # noqa: RUF012
        ("numpy.core.multiarray", "_reconstruct"): _Array,
        ("numpy._core.multiarray", "_reconstruct"): _Array,
        ("numpy", "ndarray"): _Type,
        ("numpy", "dtype"): _Type,
    }

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) in self.KNOWN:
            return self.KNOWN[module, name]
        raise pickle.UnpicklingError(f"it asks for {module}.{name}, which no batch needs")
