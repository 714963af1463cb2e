"""The cache holds the right pixels, whole or not at all."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from torch.utils.data import DataLoader
from torchvision import transforms

from impls.data import Split, cache
from impls.data.cifar10 import Source
from impls.errors import DataError


@pytest.mark.network
def test_cache_is_mapped_and_cannot_be_written(cifar10: tuple[Split, Split]) -> None:
    assert isinstance(cifar10[0].images, np.memmap)
    with pytest.raises(ValueError, match="read-only"):
        cifar10[0].images[0] = 0


def test_pixels_are_what_the_lectures_loader_gives(tiny: Source, tmp_path: Path) -> None:
    """Bit for bit, through PIL and a `DataLoader`."""
    cache.build(tiny, tmp_path)
    tiny.train.transform, tiny.train.target_transform = transforms.ToTensor(), None
    images, labels = next(iter(DataLoader(tiny.train, batch_size=10)))
    np.testing.assert_array_equal(images.numpy(), cache.load("train", tmp_path).images)
    np.testing.assert_array_equal(labels.numpy(), cache.load("train", tmp_path).labels)


def test_build_then_load(tiny: Source, tmp_path: Path) -> None:
    manifest = cache.build(tiny, tmp_path)
    train = cache.load("train", tmp_path)
    assert manifest.counts == {"train": 10, "test": 10}
    assert train.fingerprint == manifest.fingerprint
    np.testing.assert_array_equal(train.images[3] * 255, tiny.train.data[3].transpose(2, 0, 1))
    assert cache.prepare(tmp_path) == manifest


def test_an_interrupted_build_leaves_nothing(tiny: Source, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache, "to_float", lambda pixels: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        cache.build(tiny, tmp_path)
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(DataError, match="run `lenet-bench data`"):
        cache.load("train", tmp_path)


def test_wrong_content_names_the_culprit_and_the_way_out(tiny: Source, tmp_path: Path) -> None:
    tiny.test.data[0, 0, 0, 0] ^= 1
    with pytest.raises(DataError, match=r"The test images in .*source are not CIFAR-10's .* delete it and run"):
        cache.build(tiny, tmp_path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("damage", ["flip", "truncate", "remove"])
def test_a_damaged_cache_is_not_used(tiny: Source, tmp_path: Path, damage: str) -> None:
    cache.build(tiny, tmp_path)
    file = tmp_path / cache.CACHE_FOLDER / "train_images.npy"
    content = bytearray(file.read_bytes())
    content[-1] ^= 1
    if damage == "remove":
        file.unlink()
    else:
        file.write_bytes(content if damage == "flip" else content[:-100])
    with pytest.raises(DataError, match=r"train_images.npy is (corrupt|missing); delete .* and run"):
        cache.prepare(tmp_path)


@pytest.mark.parametrize("content", ["", "{", "[]", '{"source": 1}'])
def test_a_damaged_manifest_is_a_sentence(tiny: Source, tmp_path: Path, content: str) -> None:
    cache.build(tiny, tmp_path)
    (tmp_path / cache.CACHE_FOLDER / "manifest.json").write_text(content)
    with pytest.raises(DataError, match="no readable manifest .* delete that folder"):
        cache.prepare(tmp_path)


def test_root_comes_from_the_argument_then_the_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv(cache.ROOT_VARIABLE, str(tmp_path))
    assert cache.data_root() == tmp_path
    assert cache.data_root(tmp_path / "other") == tmp_path / "other"
    monkeypatch.delenv(cache.ROOT_VARIABLE)
    assert cache.data_root().name == "lenet-parity"


@pytest.fixture
def nobody() -> Iterator[None]:
    """The test runs as a user without rights; as it is where that is no superuser anyway."""
    if os.geteuid() == 0:
        os.seteuid(65534)
        try:
            yield
        finally:
            os.seteuid(0)
    else:
        yield


@pytest.fixture
def anybodys(tiny: Source, request: pytest.FixtureRequest) -> Iterator[Path]:
    """A whole data folder that everybody may read and nobody may write to."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        cache.build(tiny, folder)
        folder.chmod(0o555)
        yield folder
        folder.chmod(0o755)


def test_a_whole_cache_is_used_where_nothing_can_be_written(anybodys: Path, nobody: None) -> None:
    """As another user, who finds no lock file there and may make none."""
    before = sorted(anybodys.rglob("*"))
    assert cache.prepare(anybodys).counts == {"train": 10, "test": 10}
    assert len(cache.load("train", anybodys)) == 10
    assert sorted(anybodys.rglob("*")) == before


def test_a_folder_that_lacks_the_cache_and_cannot_be_written_is_a_sentence(tmp_path: Path, nobody: None) -> None:
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o555)
        with pytest.raises(DataError, match=r"cannot be used|cannot be downloaded"):
            cache.prepare(name)
        Path(name).chmod(0o755)


def test_of_two_users_who_build_one_is_first(tiny: Source, tmp_path: Path) -> None:
    first = cache.build(tiny, tmp_path)
    assert cache.build(tiny, tmp_path) == first
    assert [each.name for each in tmp_path.iterdir()] == [cache.CACHE_FOLDER]


def test_without_torch_the_pixels_are_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    every = np.arange(256, dtype=np.uint8).repeat(12).reshape(1, 32, 32, 3)
    with_torch = cache.to_float(every)
    monkeypatch.setitem(sys.modules, "torch", None)
    np.testing.assert_array_equal(cache.to_float(every), with_torch)
