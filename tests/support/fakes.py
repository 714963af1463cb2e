"""A light sound backend, and ones whose machinery is broken. The tests name them as anyone does: ``fakes:Sound``."""

from __future__ import annotations

import os
import signal
import subprocess
import threading
import time
import warnings
from typing import Any, ClassVar

import numpy as np

from impls.contract import Backend
from impls.data import Split
from impls.reference.backend import Reference
from impls.spec import Params

Array = np.ndarray


class Sound(Reference):
    """The reference in float32: light enough to test the harness with."""

    name: ClassVar[str] = "sound"
    variants: ClassVar[tuple[str, ...]] = ("float32", "float64")

    def __init__(self, *, variant: str = "float32", device: str = "cpu", precision: str = "fp32", **more: Any) -> None:
        super().__init__(variant=variant, device=device, precision=precision, **more)


# --- broken machinery: each must end in one sentence ----------------------------------------------------------


class _OnTheThirdEpoch(Sound):
    """Behaves on the ladder, which never trains so many from the same parameters."""

    def load_params(self, params: Params) -> None:
        super().load_params(params)
        self.whole = 0

    def train_epoch(self, data: Any, order: Array, lr: float) -> Array:
        losses = super().train_epoch(data, order, lr)
        self.whole += len(order) == len(data) // 100
        return self.misbehave(losses) if self.whole >= 3 else losses

    def misbehave(self, losses: Array) -> Array:
        raise NotImplementedError


class Raises(_OnTheThirdEpoch):
    def misbehave(self, losses: Array) -> Array:
        raise RuntimeError("the kernel\nfell over")


class Dies(_OnTheThirdEpoch):
    def misbehave(self, losses: Array) -> Array:
        print("about to die", flush=True)
        os.abort()


class RunsOutOfMemory(_OnTheThirdEpoch):
    """As the kernel ends a process that asked for too much."""

    def misbehave(self, losses: Array) -> Array:
        os.kill(os.getpid(), signal.SIGKILL)
        return losses


class Hangs(_OnTheThirdEpoch):
    def misbehave(self, losses: Array) -> Array:
        time.sleep(3600)
        return losses


class LosesItself(_OnTheThirdEpoch):
    def misbehave(self, losses: Array) -> Array:
        return np.where(np.arange(len(losses)) == 1, np.nan, losses)


class WrongShape(_OnTheThirdEpoch):
    def misbehave(self, losses: Array) -> Array:
        return losses[:-1]


class NotABackend:
    pass


class LacksMethods(Backend):
    name: ClassVar[str] = "lacking"
    variants: ClassVar[tuple[str, ...]] = ("only",)

    def __init__(self, *, variant: str, device: str, precision: str = "fp32") -> None: ...


class CannotBeMade(Sound):
    def __init__(self, **kwargs: Any) -> None:
        raise RuntimeError("no chip found")


class TakesNoArguments(Sound):
    def __init__(self) -> None: ...


# --- on the ladder: each must end in one sentence that names the method ---------------------------------------


class RaisesInALayer(Sound):
    def log_probs(self, images: Array) -> Array:
        raise ValueError("shapes (3,) and (4,)\ndo not fit")


class HangsInAMethod(Sound):
    def loss_and_grads(self, images: Array, labels: Array) -> tuple[float, Params]:
        time.sleep(3600)
        return super().loss_and_grads(images, labels)


class DiesInAMethod(Sound):
    def export_params(self) -> Params:
        os.abort()


class SumsTheLossAndDies(Sound):
    calls = 0

    def loss_and_grads(self, images: Array, labels: Array) -> tuple[float, Params]:
        value, grads = super().loss_and_grads(images, labels)
        return value * len(labels), grads

    def predict(self, data: Any) -> Array:
        self.calls += 1
        return super().predict(data) if self.calls < 2 else os.abort()


class SaysWhatTheLogHas(Sound):
    """Fails on the rung of gradients, with the marks of the lines that the file $LENET_TEST_LOG has by then."""

    calls = 0

    def loss_and_grads(self, images: Array, labels: Array) -> tuple[float, Params]:
        value, grads = super().loss_and_grads(images, labels)
        self.calls += 1
        with open(os.environ["LENET_TEST_LOG"]) as file:
            rungs = [line.split("  ")[0][2:].strip() for line in file if line[0] in "✓✗"]
        if rungs and rungs[-1] == "loss":
            raise RuntimeError(f"the file has {', '.join(rungs)}")
        return value, grads


class LeavesOutABias(Sound):
    def export_params(self) -> Params:
        return {name: value for name, value in super().export_params().items() if name != "fc3.bias"}


class ReturnsFloat64(Sound):
    def log_probs(self, images: Array) -> Array:
        return super().log_probs(images).astype(np.float64)


class ReturnsAList(Sound):
    def predict(self, data: Any) -> Any:
        return super().predict(data).tolist()


class ReturnsAnArrayAsLoss(Sound):
    def loss_and_grads(self, images: Array, labels: Array) -> tuple[Any, Params]:
        value, grads = super().loss_and_grads(images, labels)
        return np.array(value), grads


class ReturnsGradientsAlone(Sound):
    def loss_and_grads(self, images: Array, labels: Array) -> Any:
        return super().loss_and_grads(images, labels)[1]


class ReturnsNaN(Sound):
    def log_probs(self, images: Array) -> Array:
        return super().log_probs(images) * np.float32(np.nan)


class TrainsToNaN(Sound):
    def train_epoch(self, data: Any, order: Array, lr: float) -> Array:
        losses = super().train_epoch(data, order, lr)
        losses[2:] = np.nan
        return losses


class LosesALoss(Sound):
    def train_epoch(self, data: Any, order: Array, lr: float) -> Array:
        return super().train_epoch(data, order, lr)[: max(1, len(order) - 1)]


class GivesATupleAsOptimizer(Sound):
    def export_optimizer(self) -> Any:
        return 0, {}, {}


class NamesAnUnknownLayer(Sound):
    def activations(self, images: Array) -> dict[str, Array]:
        return {"conv3": images}


class PredictsAnEleventhClass(Sound):
    def predict(self, data: Any) -> Array:
        return super().predict(data) + 5


class WritesIntoItsImages(Sound):
    def to_device(self, split: Split) -> Any:
        split.images[:] -= np.float32(0.5)
        return super().to_device(split)


class HandsItsImagesToTorch(Sound):
    """As a careful author does, who takes warnings for errors."""

    def to_device(self, split: Split) -> Any:
        import torch

        with warnings.catch_warnings():
            warnings.simplefilter("error")
            torch.set_warn_always(True)  # and not once a process
            try:
                torch.from_numpy(split.images)
            finally:
                torch.set_warn_always(False)
        return super().to_device(split)


class OverwritesWhatItIsGiven(Sound):
    """Legal, if rude: the ladder gives out copies."""

    def log_probs(self, images: Array) -> Array:
        found = super().log_probs(images)
        images[...] = 0
        return found


# --- for the clock --------------------------------------------------------------------------------------------


class Sleeps(Sound):
    """An epoch that takes as long as the variant says, in seconds, and trains nothing."""

    variants: ClassVar[tuple[str, ...]] = ("0.2", "0.02", "0.022")

    def __init__(self, *, variant: str = "0.2", **more: Any) -> None:
        super().__init__(**more)
        self.seconds = float(variant)

    def train_epoch(self, data: Any, order: Array, lr: float) -> Array:
        time.sleep(self.seconds)
        return np.zeros(len(order), np.float32)


class DoesNothing(Sound):
    """An epoch that is over at once."""

    def train_epoch(self, data: Any, order: Array, lr: float) -> Array:
        return np.zeros(len(order), np.float32)


class Allocates(Sound):
    """Keeps 500 MB from its first epoch on."""

    def train_epoch(self, data: Any, order: Array, lr: float) -> Array:
        self.kept = np.ones(500_000_000, np.uint8)
        return super().train_epoch(data, order, lr)


class Grows(_OnTheThirdEpoch):
    """Takes more and more memory."""

    def misbehave(self, losses: Array) -> Array:
        kept = []
        while True:
            kept.append(np.ones(50_000_000, np.uint8))
            time.sleep(0.1)


class ProbesInVain(Sound):
    def probe(self) -> Any:
        raise RuntimeError("no profiler here")


class DoesNotWait(Sound):
    """Its device, a thread, goes on for a while after an epoch has returned; whatever is read from it waits."""

    def train_epoch(self, data: Any, order: Array, lr: float) -> Array:
        losses = super().train_epoch(data, order, lr)
        self.device_at_work = threading.Thread(target=time.sleep, args=(0.3,))
        self.device_at_work.start()
        return losses

    def export_params(self) -> Params:
        if hasattr(self, "device_at_work"):
            self.device_at_work.join()
        return super().export_params()


class CopiesWhenRead(Sound):
    """Waits for its device; the first read after training copies from it, for a while."""

    copied = False

    def train_epoch(self, data: Any, order: Array, lr: float) -> Array:
        self.copied = False
        return super().train_epoch(data, order, lr)

    def load_params(self, params: Params) -> None:
        super().load_params(params)
        self.copied = True

    def export_params(self) -> Params:
        time.sleep(0.0 if self.copied else 0.3)
        self.copied = True
        return super().export_params()


class WaitsForAFile(_OnTheThirdEpoch):
    """Hangs, in a process of its own that would outlive it, until the file $LENET_TEST_GO is there."""

    def misbehave(self, losses: Array) -> Array:
        subprocess.run(["sh", "-c", 'while [ ! -e "$LENET_TEST_GO" ]; do sleep 0.5; done'], check=True)
        return losses


class NeedsAFile(_OnTheThirdEpoch):
    """Fails until the file $LENET_TEST_GO is there."""

    def misbehave(self, losses: Array) -> Array:
        with open(os.environ["LENET_TEST_GO"]):
            return losses


class CannotBeStopped(Sound):
    """Its optimizer's state cannot be had."""

    def export_optimizer(self) -> None:
        return None
