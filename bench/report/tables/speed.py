"""The table of what was tried for speed: what each formulation was expected to give, and what it gave."""

from __future__ import annotations

from dataclasses import dataclass

from bench.base.settings import BASELINE
from bench.report.escape import Markdown, code
from bench.report.tables.cells import NOTHING, agreement_text, middle
from bench.report.tables.table import Table
from bench.results.load import Device, Variant
from bench.stats.ratio import has_interval


@dataclass(frozen=True)
class Idea:
    """One formulation.

    Attributes:
        label: the backend that it is.
        what: what it does otherwise than its framework's idiomatic variant, in Markdown.
        predicted: how many times as fast as `BASELINE` it was expected to be, before it was measured; a text.
        because: what that was reckoned from.
    """

    label: str
    what: str
    predicted: str
    because: str


IDEAS = (
    Idea(BASELINE, "PyTorch eager", "1", "it is what the others are held against"),
    Idea(
        "impls.tried.fused_adam:FusedAdam",
        "PyTorch eager, Adam's update as one operator",
        "1.05",
        "some hundred small operations a step become one",
    ),
    Idea(
        "impls.tried.channels_last:ChannelsLast",
        "the same, convolutions in channels-last layout",
        "1.1",
        "3.25 s an epoch beside 3.5 s were measured on another machine",
    ),
    Idea(
        "impls.tried.torch_block_matrix:TorchBlockMatrix",
        "PyTorch, convolutions of 4x4 cells, which have 48 channels and not 3",
        "2.1",
        "2.4 ms a step: its convolutions take 1.7 ms one by one, the rest as in eager",
    ),
    Idea(
        "impls.tried.torch_compile_cells:TorchCompileCells",
        "the same, the layers with their pooling through `torch.compile`",
        "more than that",
        "Inductor writes the passes of pooling and ReLU as one loop",
    ),
    Idea(
        "pytorch:compile",
        "the whole step through `torch.compile`",
        "0.65",
        "5.5 s an epoch beside 3.6 s were measured on another machine",
    ),
    Idea(
        "impls.tried.gathered_first:GatheredFirst",
        "convolution, ReLU and pool as one operator in C++, on batches gathered before",
        "3.7",
        "as the next one, and 0.08 ms for the copy",
    ),
    Idea(
        "pytorch:tuned",
        "the same, the kernels reading images where they lie",
        "4.0",
        "1.3 ms a step: the kernels take 0.63 ms, linear layers, loss and Adam as in eager",
    ),
    Idea(
        "impls.tried.flax_without_ynn:FlaxWithoutYNN",
        "Flax's compiled step, convolutions by Eigen and not by YNNPACK",
        "0.6",
        "12.5 s became 7.3 s on another machine",
    ),
    Idea(
        "impls.tried.flax_canonical_scan:FlaxCanonicalScan",
        "Flax's scanned epoch, gradients written as convolutions that XLA knows inside a loop",
        "0.5",
        "6.7 s an epoch beside eager's 3.6 s were measured on another machine",
    ),
    Idea(
        "impls.tried.flax_block_matrix:FlaxBlockMatrix",
        "Flax's scanned epoch, convolutions as products with block-Toeplitz matrices",
        "1.65",
        "2.17 s an epoch beside eager's 3.6 s were measured on another machine",
    ),
    Idea(
        "flax:tuned",
        "Flax's scanned epoch, convolution, ReLU and pool as one custom call in C++",
        "5.0",
        "1.05 ms a step: the kernels take 0.63 ms, products and Adam the rest",
    ),
)


def speed_table(device: Device) -> Table:
    """A row per formulation that was timed: how many times as fast as `BASELINE` it was expected to be, and is."""
    header = ["what was tried", "epoch, s", "predicted", f"times as fast as {BASELINE}", "agreement", "reckoned from"]
    rows = []
    for idea in IDEAS:
        if variant := _timed(device, idea.label):
            epoch = middle(variant.get("epoch", "epoch_seconds", []))
            agreement = agreement_text(variant.any_record)
            rows.append(
                [
                    Markdown(f"{idea.what} ({code(idea.label)})"),
                    epoch,
                    idea.predicted,
                    _gave(variant),
                    agreement,
                    idea.because,
                ]
            )
    return Table(header, rows)


def _timed(device: Device, backend: str) -> Variant | None:
    """The variant of a backend that was timed; one of a class's own name has its variant's name as well."""
    for label, variant in device.variants.items():
        if (label == backend or label.startswith(f"{backend}:")) and "epoch" in variant.records:
            return variant
    return None


def _gave(variant: Variant) -> str:
    if variant.label == BASELINE:
        return "1"
    ratio = variant.get("epoch", "ratios", {}).get(BASELINE)
    if ratio is None:
        return NOTHING
    known = has_interval(ratio, variant.get("epoch", "blocks", []))
    interval = f"{1 / ratio['high']:#.3g}–{1 / ratio['low']:#.3g}" if known else "one pair"
    return f"{1 / ratio['value']:#.3g} ({interval})"
