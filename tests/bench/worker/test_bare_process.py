"""The bare script reads the images that it is given, and runs as workers do: on the same cores, one turn at a time."""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import psutil
import pytest

import side_by_side
from bench.base.cores import logical_cpus
from bench.worker import bare_process
from bench.worker.bare_process import BareProcess
from bench.worker.control import Control
from bench.worker.process import WorkerError
from impls.data.synthetic import synthetic_split


@pytest.fixture
def bare() -> Iterator[BareProcess]:
    """One that is not started."""
    found = BareProcess.__new__(BareProcess)
    with tempfile.TemporaryDirectory() as folder:
        found._folder = SimpleNamespace(name=folder)
        yield found


@pytest.fixture
def stored(tmp_path: Path) -> np.memmap:
    np.save(tmp_path / "images.npy", np.arange(60, dtype=np.float32).reshape(10, 6))
    return np.load(tmp_path / "images.npy", mmap_mode="r")


def test_a_file_that_is_there_is_read_where_it_is(bare: BareProcess, stored: np.memmap) -> None:
    assert bare._file("images", stored) == str(stored.filename)


@pytest.mark.parametrize("what", ["removed", "replaced", "head", "tail", "made up", "every second", "backwards"])
def test_the_script_gets_these_images_and_no_others(bare: BareProcess, stored: np.memmap, what: str) -> None:
    path = Path(str(stored.filename))
    if what == "removed":
        path.unlink()
    if what == "replaced":
        path.unlink()
        path.write_bytes(b"something else")
    given = {
        "head": stored[:4],
        "tail": stored[5:],
        "every second": stored[::2],
        "backwards": stored[::-1],
        "made up": synthetic_split("train", 10).images,
    }.get(what, stored)
    file = bare._file("images", given)
    assert file != str(path)
    np.testing.assert_array_equal(np.load(file), given)


Scripted = Callable[[str], BareProcess]


@pytest.fixture
def scripted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Scripted]:
    """Runs a script of these lines for every line that it is told, ``n`` being 1, 2, ..., in place of the bare loop."""
    started: list[BareProcess] = []

    def start(body: str) -> BareProcess:
        lines = "\n    ".join(body.splitlines())
        script = tmp_path / "script.py"
        script.write_text(
            "import os, sys, time\nAT_START = os.sched_getaffinity(0)\n"
            f"for n, _ in enumerate(sys.stdin, 1):\n    {lines}\n"
        )
        monkeypatch.setattr(bare_process, "control", lambda device: Control("test loop", script))
        started.append(
            BareProcess(synthetic_split("train", 10), device="cpu", threads=1, precision="fp32", timeout=60.0)
        )
        return started[-1]

    yield start
    for each in started:
        each.close()


def until(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.01)


def test_an_answer_that_comes_late_is_not_read_as_the_next(scripted: Scripted, tmp_path: Path) -> None:
    go = tmp_path / "go"
    bare = scripted(f"while n == 1 and not os.path.exists({str(go)!r}): time.sleep(0.01)\nprint(n + 0.5, flush=True)")
    bare.timeout = 0.2
    with pytest.raises(WorkerError, match=r"did not answer within 0\.2 s and was stopped"):
        bare.train(1)
    go.touch()
    bare.timeout = 60.0
    with pytest.raises(WorkerError, match=r"did not answer within 0\.2 s"):  # and not 1.5, the first one's answer
        bare.train(1)


@pytest.mark.parametrize(
    ("said", "what"),
    [("'a warning'", "words"), ("'x\\n1.0'", "two lines"), ("'nan'", "no number"), ("-1.0", "less than no time")],
)
def test_what_is_no_time_ends_it(scripted: Scripted, said: str, what: str) -> None:
    bare = scripted(f"print({said} if n == 1 else 2.0, flush=True)")
    for _ in range(2):
        with pytest.raises(WorkerError, match="gave no time"):
            bare.train(1)


def test_an_interruption_ends_it(scripted: Scripted, monkeypatch: pytest.MonkeyPatch) -> None:
    bare = scripted("print(n, flush=True)")
    assert bare.train(1) == 1.0

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(bare_process.select, "select", interrupt)
        with pytest.raises(KeyboardInterrupt):
            bare.train(1)
    with pytest.raises(WorkerError, match="was ended"):  # and not 2.0, the interrupted turn's answer
        bare.train(1)


def test_it_is_stopped_between_its_turns(scripted: Scripted) -> None:
    bare = scripted("print(n, flush=True)")
    for turn in (1.0, 2.0):
        assert bare.train(1) == turn
        assert bare._process
        process = psutil.Process(bare._process.pid)
        until(lambda process=process: process.status() == psutil.STATUS_STOPPED)  # type: ignore[misc]


def test_it_is_bound_to_the_cores_of_the_workers_before_it_imports_anything(scripted: Scripted) -> None:
    with side_by_side.all_cores():
        if logical_cpus() < 2:
            pytest.skip("needs two cores")
        ours = os.sched_getaffinity(0)
        bare = scripted("print(1 + sum(2 ** core for core in AT_START), flush=True)")
        assert bare.train(1) == 1 + 2 ** min(ours)
        assert os.sched_getaffinity(0) == ours, "and this process is not"
