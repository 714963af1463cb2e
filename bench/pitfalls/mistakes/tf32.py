"""TF32 on in one."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import median

from bench.pitfalls import words
from bench.pitfalls.committed import Source
from bench.pitfalls.lab import Lab
from bench.pitfalls.mistake import Mistake, Thread, Told
from bench.results.load import Device
from impls.errors import LenetError


@dataclass(frozen=True)
class Figures:
    """Of two stored runs on one GPU, so that their ratio has no interval.

    Attributes:
        source: where they come from.
        variant: that was timed in both precisions.
        fp32: seconds of its epoch, a median.
        tf32: likewise.
    """

    source: Source
    variant: str
    fp32: float
    tf32: float


def measure(lab: Lab) -> Figures:
    """Look for a GPU on which a variant was timed in both precisions."""
    fp32, tf32 = ([each for each in lab.devices if each.precision == name] for name in ("fp32", "tf32"))
    for full in fp32:
        for lower in tf32:
            shared = [label for label in full.timed if label in lower.timed]
            if (full.name, full.data) == (lower.name, lower.data) and shared:
                run = full.runs[-1]
                return Figures(
                    source=Source(f"{run.path.parent.name}/{run.path.name}", full.name, run.commit, run.date[:10]),
                    variant=shared[0],
                    fp32=_middle(full, shared[0]),
                    tf32=_middle(lower, shared[0]),
                )
    raise LenetError(
        "needs a GPU (NVIDIA, compute capability 8.0 or more), and no stored run has timed one in both precisions"
    )


def _middle(device: Device, label: str) -> float:
    return float(median(device.variants[label].get("epoch", "epoch_seconds")))


def tell(figures: Figures) -> Told:
    """What the figures say."""
    ratio = figures.tf32 / figures.fp32
    return Told(
        f"{ratio:#.3g} times the seconds of an epoch of {figures.variant}",
        f"The framework whose default is TF32 takes {ratio:#.3g} times as long as itself without.",
        "In the same precision both frameworks are what the tables say; TF32 has a table of its own.",
        f"{figures.variant} took {words.seconds(figures.fp32)} in fp32 and {words.seconds(figures.tf32)} in tf32 "
        f"({figures.source.words}). The two are of different runs, so the ratio has no interval.",
    )


MISTAKE = Mistake(
    "tf32",
    "TF32 on in one",
    "On recent NVIDIA GPUs a product of float32 matrices may be computed in TF32, which keeps 10 of 23 bits. JAX does "
    "so by default; PyTorch does so by default in convolutions alone.",
    (
        Thread(
            "haifeng-jin/keras-benchmarks",
            2,
            "A published comparison of JAX, TensorFlow and PyTorch had TF32 on in the first two, by default. With it "
            "on in PyTorch as well, a step of Segment Anything took 331 ms where 1,233 ms had been published.",
        ),
        Thread(
            "typoverflow/flow-rl",
            12,
            "JAX used TF32 wherever it could, PyTorch in convolutions alone; both were then set to fp32.",
            pull=True,
        ),
    ),
    "Precision is a track of its own. In fp32, TF32 is off in both frameworks, by name, and the ladder's tolerances "
    "are those of float32. Rows of one precision never stand in another's table.",
    ("impls/pytorch/eager.py", "impls/flax/nnx.py", "bench/parity/noise.py"),
    Figures,
    measure,
    tell,
)
