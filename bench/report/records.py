"""A results file as records, one for each variant: plain names, units in them, for programs and spreadsheets."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from statistics import median
from typing import Any

from bench.base.settings import idiomatic
from bench.report import escape
from bench.report.tables.notes import warnings_of_row
from bench.results.load import Device, Run, Variant, devices
from bench.stats.ratio import has_interval

Record = dict[str, Any]

RATIO = "ratio_to_"
"""How the names of ratios begin."""

SIBLING = f"{RATIO}idiomatic_sibling"
"""The name of the ratio to the first variant of the same framework."""


def records(run: Run) -> list[Record]:
    """A record for each variant of a run, all with the same names; what was not measured is None.

    Times are in seconds and accuracies are fractions. A ratio is how many times as long an epoch takes as that of the
    variant in its name; ``_low`` and ``_high`` are the ends of its 95 % interval, None where there is one pair alone.
    """
    of_devices = devices([run])
    columns = _columns(label for each in of_devices for v in each.variants.values() for label in _others(v))
    found = [_record(run, each, variant, columns) for each in of_devices for variant in each.variants.values()]
    if not found:
        return []
    ratios = [name for name in dict.fromkeys(name for each in found for name in each) if name.startswith(RATIO)]
    names = [name for name in found[0] if name not in ratios]
    place = names.index("epoch_blocks") + 1
    names[place:place] = ratios
    return [{name: each.get(name) for name in names} for each in found]


def to_json(found: Sequence[Record]) -> str:
    """The records as a JSON list; None is null."""
    return json.dumps(list(found), indent=1, allow_nan=False) + "\n"


def to_csv(found: Sequence[Record]) -> str:
    """The records as CSV with a header; None is an empty cell, several warnings stand in one."""
    text = io.StringIO()
    if found:
        table = csv.DictWriter(text, list(found[0]), lineterminator="\n")
        table.writeheader()
        table.writerows({name: _cell(value) for name, value in each.items()} for each in found)
    return text.getvalue()


def _cell(value: Any) -> Any:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        value = "; ".join(value)
    return escape.one_line(value) if isinstance(value, str) else value


def _record(run: Run, device: Device, v: Variant, columns: Mapping[str, str]) -> Record:
    row = v.any_record
    worst = next((each for each in v.records.values() if each["verdict"] != "equivalent"), row)
    seconds = v.get("epoch", "epoch_seconds", [])
    accuracies = v.get("training", "accuracy_per_epoch", [])
    work = v.get("epoch", "work", {})
    return {
        "file": str(run.path),
        "date": run.date,
        "commit": run.commit,
        "device_name": device.name,
        "precision": device.precision,
        "threads": row.get("threads"),
        "seed": device.seed,
        "quick": device.quick,
        "data_fingerprint": device.data,
        "variant": v.label,
        "agreement": worst["verdict"],
        "first_failed_rung": worst["first_failed_rung"] or None,
        "epoch_seconds_median": _middle(seconds),
        "epoch_seconds_min": min(seconds, default=None),
        "epoch_seconds_max": max(seconds, default=None),
        "epoch_rounds": len(seconds),
        "epoch_blocks": len(set(v.get("epoch", "blocks", []))),
        **_ratios(v, columns),
        "images_per_second": v.get("epoch", "images_per_second"),
        "first_epoch_seconds_median": _middle(v.get("first epoch", "first_epoch_seconds", [])),
        "second_epoch_seconds_median": _middle(v.get("epoch", "warmup_epoch_seconds", [])),
        "trained_alike": work["share"] is not None and work["share"] <= 1 if "share" in work else None,
        "trained_alike_share_of_allowed": work.get("share"),
        "test_split_seconds_median": _middle(v.get("evaluation", "eval_seconds", [])),
        "latency_seconds_1_image_median": _middle(v.get("evaluation", "latency_seconds_batch_1", [])),
        "latency_seconds_100_images_median": _middle(v.get("evaluation", "latency_seconds_batch_100", [])),
        "accuracy_after_first_epoch": accuracies[0] if accuracies else None,
        "accuracy_at_end": accuracies[-1] if accuracies else None,
        "training_epochs": len(accuracies),
        "parameters_total": v.get("agreement", "parameters_total"),
        "import_seconds_median": _middle(v.get("first epoch", "import_seconds", [])),
        "start_seconds_median": _middle(v.get("first epoch", "start_seconds", [])),
        "to_device_seconds_median": _middle(v.get("first epoch", "to_device_seconds", [])),
        "host_memory_bytes": v.get("epoch", "peak_host_bytes"),
        "device_memory_bytes": v.get("epoch", "peak_device_bytes"),
        "page_faults_per_step": v.get("epoch", "page_faults_per_step"),
        "device_busy_share": v.get("epoch", "device_busy_share"),
        "kernels_per_step": v.get("epoch", "kernels_per_step"),
        "energy_joules_per_epoch": v.get("epoch", "energy_joules"),
        "matrix_product_flops_per_second": v.get("epoch", "ceiling_flops_per_second"),
        "copy_bytes_per_second": v.get("epoch", "ceiling_bytes_per_second"),
        "floor_seconds": v.get("epoch", "floor_seconds"),
        "share_of_limit": v.get("epoch", "ceiling_share"),
        "warnings": [f"{kind}: {each}" for kind, r in v.records.items() for each in warnings_of_row(kind, r)],
    }


def _middle(values: Sequence[float]) -> float | None:
    return median(values) if values else None


def _others(v: Variant) -> dict[str, dict[str, float]]:
    """The ratios of a variant as its file has them, by the label of the other one."""
    found: dict[str, dict[str, float]] = v.get("epoch", "ratios", {})
    return found


def _ratios(v: Variant, columns: Mapping[str, str]) -> Record:
    """The ratios to other variants, each with its interval; a variant's to itself is not among them."""
    found: Record = {}
    for other, ratio in _others(v).items():
        known = has_interval(ratio, v.get("epoch", "blocks", []))
        for name in (columns[other], *([SIBLING] if other == idiomatic(v.label) else [])):
            found[name] = ratio["value"]
            found |= {f"{name}_{end}": ratio[end] if known else None for end in ("low", "high")}
    return found


def _columns(labels: Iterable[str]) -> dict[str, str]:
    """The name of the ratio to each of these variants; no two have the same."""
    found: dict[str, str] = {}
    for label in dict.fromkeys(labels):
        name = wanted = RATIO + re.sub(r"\W+", "_", label).strip("_")
        number = 1
        while name in found.values():
            number += 1
            name = f"{wanted}_{number}"
        found[label] = name
    return found
