"""Capturing a CUDA graph calls CUDA in the order that PyTorch's notes ask for; a stand-in for CUDA records it.

pytorch.org/docs/stable/notes/cuda.html, "Whole-network capture": warm up on a side stream that waits for the current
one, let the current one wait for it, capture, and replay.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import torch

from impls.pytorch.cudagraph import WARM_UPS, PyTorchCUDAGraph
from impls.spec import initial_params


class Stream:
    def __init__(self, name: str, happened: list[str]) -> None:
        self.name, self.happened = name, happened

    def wait_stream(self, other: Stream) -> None:
        self.happened.append(f"{self.name} waits for {other.name}")


@pytest.fixture
def happened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was asked of CUDA, in order."""
    found: list[str] = []
    main, side = Stream("main", found), Stream("side", found)

    class Graph:
        def replay(self) -> None:
            found.append("replay")

    @contextmanager
    def on(name: str, stream: Stream) -> Iterator[None]:
        found.append(f"{name} on {stream.name}")
        yield
        found.append(f"end of {name}")

    monkeypatch.setattr(torch.cuda, "CUDAGraph", Graph)
    monkeypatch.setattr(torch.cuda, "Stream", lambda: side)
    monkeypatch.setattr(torch.cuda, "current_stream", lambda: main)
    monkeypatch.setattr(torch.cuda, "stream", lambda stream: on("work", stream))
    monkeypatch.setattr(torch.cuda, "graph", lambda graph, stream: on("capture", stream))
    return found


@pytest.fixture
def backend() -> PyTorchCUDAGraph:
    """One that takes itself for a GPU's."""
    made = PyTorchCUDAGraph()
    made.load_params(initial_params(0))
    made.device = torch.device("cuda")
    return made


def test_warm_ups_capture_and_replay(backend: PyTorchCUDAGraph, happened: list[str]) -> None:
    replay = backend._captured(lambda: happened.append("steps"))
    assert happened == [
        "side waits for main",
        "work on side",
        *["steps"] * WARM_UPS,
        "end of work",
        "main waits for side",
        "capture on side",
        "steps",
        "end of capture",
    ]
    happened.clear()
    replay()
    assert happened == ["replay"]


def test_warm_ups_train_nothing(backend: PyTorchCUDAGraph, happened: list[str]) -> None:
    """State is put back on the side stream, before the current one goes on."""
    before = [tensor.detach().clone() for tensor in backend._training_state()]
    seen: list[Any] = []

    @torch.no_grad()
    def steps() -> None:
        happened.append("steps")
        if happened.count("steps") <= WARM_UPS:
            backend._training_state()[0].add_(1)
        else:
            seen.extend(tensor.detach().clone() for tensor in backend._training_state())

    backend._captured(steps)
    assert len(seen) == len(before) > 0
    assert all(torch.equal(a, b) for a, b in zip(before, seen, strict=True))


def test_gradients_of_the_capture_are_let_go(backend: PyTorchCUDAGraph, happened: list[str]) -> None:
    """They are the graph's memory, which the next eager step must not add to."""

    def steps() -> None:
        for parameter in backend.model.parameters():
            parameter.grad = torch.ones_like(parameter)

    backend._captured(steps)
    assert happened
    assert all(parameter.grad is None for parameter in backend.model.parameters())
