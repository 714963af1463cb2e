"""What a row of results says of itself: `extra_info` under the names that every reader relies on.

Values are plain numbers, strings, lists and dicts of these: pytest-benchmark would silently write a NumPy scalar
as text. `bench/results/schema.json` describes them all.
"""

from __future__ import annotations

from collections.abc import Mapping
from statistics import median
from typing import Any

from bench.base.environment import recorded
from bench.base.settings import PLAIN_LOOP, Settings, idiomatic
from bench.base.suite import stated
from bench.timing.roofline import epoch_bytes, epoch_flops, floor_seconds
from bench.timing.schedule import Schedule
from bench.timing.stability import SECOND_EVALUATION, complaints, recompiled
from bench.worker.agreement import Agreement
from bench.worker.process import worker_environment

SCHEMA = 2
"""Version of the names and meanings; `bench.results.load` says which versions can be read."""


def common(kind: str, settings: Settings, agreement: Agreement) -> dict[str, Any]:
    """The keys that every row has.

    Args:
        kind: "agreement", "first epoch", "epoch", "evaluation", "training" or "overhead".
        settings: of the run.
        agreement: of the variant that was measured, in this run.
    """
    code = agreement.info.get("code")  # a run that is resumed may have rows without it
    return {
        "schema": SCHEMA,
        **stated(),
        **({"code": code} if code else {}),
        "kind": kind,
        "backend": agreement.choice.backend,
        "variant": agreement.info["variant"],
        "device": settings.device,
        "device_name": settings.device_name,
        "precision": settings.precision,
        "threads": settings.threads,
        "recipe": settings.recipe.name,
        "batch_size": settings.recipe.batch_size,
        "seed": settings.seed,
        "quick": settings.quick,
        "data_fingerprint": agreement.info["data_fingerprint"],
        "versions": agreement.info["versions"],
        "environment": recorded(worker_environment(settings.threads)),
        "verdict": agreement.verdict,
        "first_failed_rung": agreement.first_failed_rung,
    }


def epoch(
    schedule: Schedule, label: str, settings: Settings, full_labels: Mapping[str, str] | None = None
) -> dict[str, Any]:
    """What a row of kind "epoch" has beside them: all that the schedule says of training.

    Args:
        schedule: of the run.
        label: of the variant.
        settings: of the run.
        full_labels: the label with its variant, as tables have it, of every variant whose label has none.
    """
    seconds, blocks = schedule.rounds(label, "epoch_seconds")
    control = schedule.control(label, "epoch_seconds")
    faults, _ = schedule.rounds(label, "page_faults")
    warmups, _ = schedule.rounds(label, "warmup_epoch_seconds")
    steps = settings.train_size // settings.recipe.batch_size
    figures = schedule.figures(label)
    found = {
        "epoch_seconds": seconds,
        "blocks": blocks,
        "warmup_epoch_seconds": warmups,
        "images_per_second": settings.train_size / median(seconds),
        "page_faults_per_step": median(faults) / steps,
        "ratios": {
            (full_labels or {}).get(other, other): ratio.as_dict()
            for other in dict.fromkeys((*settings.against, PLAIN_LOOP, idiomatic(label)))
            if other != label and (ratio := schedule.ratio(label, other, "epoch_seconds"))
        },
        "warnings": complaints(seconds, blocks, control) + recompiled(seconds, blocks, warmups) + schedule.notes(label),
    }
    if work := schedule.work(label):
        found["work"] = work
    if control:
        found |= {"control_seconds": control, "control": schedule.control_name}
    most = {name: max(figures[name]) for name in ("peak_host_bytes", "peak_device_bytes") if name in figures}
    middle = ("device_busy_seconds", "device_busy_share", "kernels_per_step", "energy_joules")
    found |= most | {name: median(figures[name]) for name in middle if name in figures}
    return found | _limit(schedule, label, median(seconds), settings.train_size, steps)


def _limit(schedule: Schedule, label: str, seconds: float, images: int, steps: int) -> dict[str, Any]:
    """How far an epoch is from what the device could do; empty where this variant measured no ceilings."""
    figures = schedule.figures(label)
    names = ("ceiling_flops_per_second", "ceiling_bytes_per_second")
    if not all(name in figures for name in names):
        return {}
    flops, traffic = epoch_flops(images), epoch_bytes(images, steps)
    # Its own ceilings are shown; but the device can do what any of the frameworks could make it do.
    floor = floor_seconds(flops, traffic, *(schedule.most(name) for name in names))
    return {
        "epoch_flops": flops,
        "epoch_bytes": traffic,
        **{name: max(figures[name]) for name in names},
        "floor_seconds": floor,
        "ceiling_share": floor / seconds,
    }


def evaluation(schedule: Schedule, label: str) -> dict[str, Any]:
    """What a row of kind "evaluation" has beside the common keys."""
    seconds, blocks = schedule.rounds(label, "eval_seconds")
    figures = schedule.figures(label)
    warmups, _ = schedule.rounds(label, "warmup_eval_seconds")
    late = recompiled(seconds, blocks, warmups, what="evaluation", usual=SECOND_EVALUATION)
    control = schedule.control(label, "eval_seconds")
    warnings = complaints(seconds, blocks, control) + late
    found: dict[str, Any] = {"eval_seconds": seconds, "blocks": blocks, "warnings": warnings}
    if warmups:
        found["warmup_eval_seconds"] = warmups
    if control:
        found |= {"control_seconds": control, "control": schedule.control_name}
    return found | {name: values for name, values in figures.items() if name.startswith("latency_seconds")}
