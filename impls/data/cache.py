"""The one data pipeline: CIFAR-10, decoded once, read by every backend in every process.

`prepare` turns the data set into one contiguous float32 array per split and keeps it on disk; `load` maps those files
into memory. What they hold is checked against digests of the content (`DIGESTS`), so it does not matter which source
(`impls.data.cifar10`) the pixels came from.

Where torchvision is installed its own ``ToTensor`` makes the arrays, elsewhere a division by 255, which gives the same
bits. Reading the cache needs NumPy alone, so a process that runs JAX never imports torch for its data.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from filelock import FileLock

from impls.data.pixels import divided
from impls.data.private_folder import private_folder
from impls.data.split import Split
from impls.errors import DataError

if TYPE_CHECKING:
    from impls.data.cifar10 import Source

ROOT_VARIABLE = "LENET_DATA"
"""Environment variable that chooses where the data is kept."""

CACHE_FOLDER = "float32-v1"

# SHA-256 of the content, whatever the source: images as uint8 (N, 3, 32, 32) in C order, labels as uint8 (N,).
DIGESTS = {
    "train images": "9d5c2eddadb0deff02c14c350c0385aab7b1d5ff1edfeb4997c8dc8644960111",
    "train labels": "2b7cd2f24487317614016b72ffd53071c3062f592f0eb300c18a770d41ae1253",
    "test images": "177777c33ba79825320efa646ad04a94bdc3c80e4ebe3bd21724f8cdfd4b9d56",
    "test labels": "cec8a24a1e92aa2ecaa0bbd3dbfa86bf6cd8759fbd209a832824c8cf0afca9d5",
}


@dataclass(frozen=True)
class Manifest:
    """What the cache holds; written last, so a cache without it is not one.

    Attributes:
        source: where the pixels came from, in words.
        counts: images per split.
        digests: SHA-256 per array of the uint8 content, as in `DIGESTS`.
        files: SHA-256 per file of the cache.
    """

    source: str
    counts: dict[str, int]
    digests: dict[str, str]
    files: dict[str, str]

    @property
    def fingerprint(self) -> str:
        """``cifar10-`` and the first 12 digits of the SHA-256 over all digests."""
        return "cifar10-" + hashlib.sha256("".join(sorted(self.digests.values())).encode()).hexdigest()[:12]


def data_root(root: str | Path | None = None) -> Path:
    """Where the data is kept: ``root``, else ``$LENET_DATA``, else ``lenet-parity`` in the user's cache."""
    if root or (root := os.environ.get(ROOT_VARIABLE)):
        return Path(root).expanduser()
    return Path(os.environ.get("XDG_CACHE_HOME") or "~/.cache").expanduser() / "lenet-parity"


def prepare(root: str | Path | None = None) -> Manifest:
    """Make sure that the data set is there, whole and right; fetch and decode it where it is not.

    Safe to call from several processes at once. A cache that is there is checked byte for byte (a second), and nothing
    is written: its folder may be read-only, or another user's.

    Raises:
        DataError: it can be had from nowhere, or what is there is corrupt; the sentence says what to do.
    """
    folder = data_root(root)
    try:
        if is_prepared(root):
            return _checked(folder)
        folder.mkdir(parents=True, exist_ok=True)
        with FileLock(_lock_of(folder)):
            if is_prepared(root):
                return _checked(folder)
            from impls.data.cifar10 import find_or_fetch  # imports Pillow, and torchvision where it is installed

            return build(find_or_fetch(folder), folder)
    except OSError as error:
        raise DataError(
            f"The data folder {folder} cannot be used ({error}); choose another with --root or ${ROOT_VARIABLE}."
        ) from error


def is_prepared(root: str | Path | None = None) -> bool:
    """Whether there is a cache; `prepare` checks it. False too where the folder may not be read."""
    return os.path.exists(data_root(root) / CACHE_FOLDER)


def _checked(folder: Path) -> Manifest:
    manifest = read_manifest(folder)
    _verify(folder / CACHE_FOLDER, manifest)
    return manifest


def _lock_of(folder: Path) -> Path:
    """This user's lock for preparing a data folder. Of two users one is first; see `build`."""
    name = hashlib.sha256(str(folder.resolve()).encode()).hexdigest()[:16]
    return private_folder("locks") / f"{name}.lock"


def load(name: str, root: str | Path | None = None) -> Split:
    """Map one split of the prepared data set into memory.

    Args:
        name: "train" or "test".
        root: as for `data_root`.

    Raises:
        DataError: it has not been prepared, or is not whole.
    """
    folder = data_root(root)
    manifest = read_manifest(folder)
    try:
        images = np.load(folder / CACHE_FOLDER / f"{name}_images.npy", mmap_mode="r")
        labels = np.load(folder / CACHE_FOLDER / f"{name}_labels.npy").copy()  # owns its memory, as any other
    except (OSError, ValueError) as error:
        raise DataError(f"The cache {folder / CACHE_FOLDER} is not whole ({error}); {_WAY_OUT}") from error
    return Split(name, images, labels, manifest.fingerprint)


_WAY_OUT = "delete that folder and run `lenet-bench data`."


def read_manifest(folder: Path) -> Manifest:
    """The manifest of the cache under data folder ``folder``.

    Raises:
        DataError: there is none, or it cannot be read.
    """
    path = folder / CACHE_FOLDER / "manifest.json"
    if not path.parent.exists():
        raise DataError(f"There is no prepared data set in {folder}; run `lenet-bench data`.")
    try:
        return Manifest(**json.loads(path.read_text()))
    except (OSError, ValueError, TypeError) as error:
        raise DataError(f"The cache {path.parent} has no readable manifest ({error}); {_WAY_OUT}") from error


def build(source: Source, folder: Path) -> Manifest:
    """Decode a source into the cache; nothing takes the cache's name before it is whole.

    Raises:
        DataError: the source's content has other digests than CIFAR-10's.
    """
    outer = Path(tempfile.mkdtemp(prefix="building-", dir=folder))
    aside = outer / CACHE_FOLDER  # mkdtemp's own folder is closed to the other users of a shared data folder
    try:
        aside.mkdir()
        counts: dict[str, int] = {}
        digests: dict[str, str] = {}
        for name, dataset in (("train", source.train), ("test", source.test)):
            pixels = np.ascontiguousarray(dataset.data.transpose(0, 3, 1, 2))
            labels = np.asarray(dataset.targets, np.uint8)
            for what, content in ((f"{name} images", pixels), (f"{name} labels", labels)):
                digests[what] = hashlib.sha256(content.data).hexdigest()
                if digests[what] != DIGESTS[what]:
                    raise DataError(
                        f"The {what} in {source.place} are not CIFAR-10's (SHA-256 {digests[what][:12]}… and not "
                        f"{DIGESTS[what][:12]}…); delete it and run `lenet-bench data` to fetch it anew."
                    )
            counts[name] = len(labels)
            np.save(aside / f"{name}_images.npy", to_float(dataset.data))
            np.save(aside / f"{name}_labels.npy", labels.astype(np.int64))
        files = {path.name: _sha256(path) for path in sorted(aside.iterdir())}
        manifest = Manifest(source.description, counts, digests, files)
        (aside / "manifest.json").write_text(json.dumps(asdict(manifest), indent=2))
        try:
            aside.rename(folder / CACHE_FOLDER)
        except OSError:
            if not (folder / CACHE_FOLDER).exists():
                raise
            return _checked(folder)  # another user was first
        return manifest
    finally:
        shutil.rmtree(outer, ignore_errors=True)


def to_float(pixels: np.ndarray) -> np.ndarray:
    """uint8 images (N, 32, 32, 3) to float32 (N, 3, 32, 32) in [0, 1], by torchvision's ``ToTensor`` if it is there.

    It is what the lecture uses, and it divides by 255; ``v2.ToDtype(float32, scale=True)`` multiplies by 1/255
    instead and lands one unit in the last place beside it on half of all pixels. Without torchvision NumPy divides,
    with the same bits.
    """
    try:
        import torch
        from torchvision.transforms import ToTensor
    except Exception:  # missing, or an installation that does not import
        return divided(pixels)
    to_tensor = ToTensor()
    return torch.stack([to_tensor(image) for image in pixels]).numpy()


def _verify(cache: Path, manifest: Manifest) -> None:
    for name, digest in manifest.files.items():
        path = cache / name
        if not path.exists() or _sha256(path) != digest:
            raise DataError(
                f"{path} is {'corrupt' if path.exists() else 'missing'}; delete {cache} and run `lenet-bench data`."
            )


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
