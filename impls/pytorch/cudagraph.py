"""PyTorch with its training steps captured in CUDA graphs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import ClassVar, NamedTuple

import numpy as np
import torch
from torch import Tensor

from impls.pytorch.eager import Resident
from impls.pytorch.fixed_addresses import PyTorchInPlace

WARM_UPS = 3
"""How often what is to be captured runs before (pytorch.org/docs/stable/notes/cuda.html)."""


class Steps(NamedTuple):
    """As many steps as ``order`` has rows, on one split.

    Attributes:
        data: the split, kept because a graph has its addresses.
        run: takes the steps.
        order: (steps, batch) int64, the images of each; written before.
        losses: (steps,) float32; read after.
    """

    data: Resident
    run: Callable[[], object]
    order: Tensor
    losses: Tensor


class Evaluation(NamedTuple):
    """The classes of every image of a split ``data``, written by ``run``."""

    data: Resident
    run: Callable[[], object]
    classes: Tensor


class PyTorchCUDAGraph(PyTorchInPlace):
    """PyTorch eager's own steps, many to a CUDA graph, which the host launches at once (``cudagraph``).

    An epoch is a series of such graphs, and one more for what is left over. Every step of a graph reads its row of a
    resident order and writes its place among the resident losses, so that nothing on the device has to count. The
    test split is classified by one graph. On a CPU there is nothing to capture, and the same functions just run.
    """

    variants: ClassVar[tuple[str, ...]] = ("cudagraph",)
    devices: ClassVar[tuple[str, ...]] = ("cuda", "cpu")

    steps_per_graph = 100

    def __init__(self, *, variant: str = "cudagraph", device: str = "cpu", precision: str = "fp32") -> None:
        super().__init__(variant=variant, device=device, precision=precision)
        self._steps: dict[tuple[int, torch.Size], Steps] = {}
        self._evaluations: dict[int, Evaluation] = {}

    def train_epoch(self, data: Resident, order: np.ndarray, lr: float) -> np.ndarray:
        self._set_lr(lr)
        rows = torch.from_numpy(order).to(self.device)
        losses = torch.empty(len(order), device=self.device)
        for some, out in zip(rows.split(self.steps_per_graph), losses.split(self.steps_per_graph), strict=True):
            steps = self._steps_for(data, some)
            steps.order.copy_(some)
            steps.run()
            out.copy_(steps.losses)
        return losses.numpy(force=True)  # copying the losses to the host waits for every step

    def _steps_for(self, data: Resident, order: Tensor) -> Steps:
        """Steps of this number and batch size, captured when they are first asked for."""
        key = (id(data), order.shape)
        if key not in self._steps:
            own, losses = order.clone(), torch.empty(len(order), device=self.device)
            run = self._captured(lambda: self._train_steps(data, own, losses))
            self._steps[key] = Steps(data, run, own, losses)
        return self._steps[key]

    @torch.inference_mode()
    def predict(self, data: Resident) -> np.ndarray:
        if id(data) not in self._evaluations:
            classes = torch.empty_like(data.labels)
            run = self._captured(lambda: classes.copy_(self._classes(data.images)))
            self._evaluations[id(data)] = Evaluation(data, run, classes)
        evaluation = self._evaluations[id(data)]
        evaluation.run()
        return evaluation.classes.numpy(force=True).copy()

    def _captured(self, run: Callable[[], object]) -> Callable[[], object]:
        """What does the same as ``run``, all of it in one launch; on a CPU it is ``run``."""
        if self.device.type != "cuda":
            return run
        graph, stream = torch.cuda.CUDAGraph(), torch.cuda.Stream()
        stream.wait_stream(torch.cuda.current_stream())
        with torch.cuda.stream(stream), self._state_restored():
            for _ in range(WARM_UPS):  # libraries set themselves up, which cannot be captured
                run()
        torch.cuda.current_stream().wait_stream(stream)
        with torch.cuda.graph(graph, stream=stream):
            run()
        self.optimizer.zero_grad()  # the last gradients are the graph's memory
        return graph.replay

    @contextmanager
    def _state_restored(self) -> Iterator[None]:
        state = self._training_state()
        before = [tensor.detach().clone() for tensor in state]
        try:
            yield
        finally:
            with torch.no_grad():
                for tensor, value in zip(state, before, strict=True):
                    tensor.copy_(value)
