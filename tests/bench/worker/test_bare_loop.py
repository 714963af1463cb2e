"""The control's clock starts when the device is idle and stops when it is idle again."""

from __future__ import annotations

import time

import pytest
import torch

from bench.worker.bare_loop import BareLoop


def test_the_shuffle_is_over_before_the_clock_starts(monkeypatch: pytest.MonkeyPatch) -> None:
    loop = BareLoop(torch.rand(200, 3, 32, 32), torch.zeros(200, dtype=torch.int64), "fp32")
    happened: list[str] = []
    randperm, perf_counter = torch.randperm, time.perf_counter

    def noted(name: str, function: object) -> object:
        def call(*args: object, **kwargs: object) -> object:
            happened.append(name)
            return function(*args, **kwargs)  # type: ignore[operator]

        return call

    monkeypatch.setattr(torch, "randperm", noted("shuffle", randperm))
    monkeypatch.setattr(loop, "wait", noted("wait", loop.wait))
    monkeypatch.setattr(time, "perf_counter", noted("clock", perf_counter))
    assert loop.train(2) > 0
    assert happened == ["shuffle", "wait", "clock", "clock"]


@pytest.mark.parametrize("device", ["cuda", "cpu"])
def test_waiting_is_for_the_images_device(device: str, monkeypatch: pytest.MonkeyPatch) -> None:
    loop = BareLoop(torch.rand(100, 3, 32, 32), torch.zeros(100, dtype=torch.int64), "fp32")
    waited: list[torch.device] = []
    monkeypatch.setattr(torch.cuda, "synchronize", waited.append)
    with torch._subclasses.FakeTensorMode(allow_non_fake_inputs=True):
        loop.images = torch.empty(1, device=device)
    loop.wait()
    assert [each.type for each in waited] == [device] * (device == "cuda")
