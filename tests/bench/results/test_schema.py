"""The schema of results files: what is good passes, what is wrong is named, and every key is described."""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from bench.results import schema as results_schema
from bench.results.schema import ResultsError, check
from command import finished
from made_up_results import FIGURES, content, row

OPTIONAL = {
    "first epoch": ["control", "control_seconds"],
    "epoch": [
        "control",
        "control_seconds",
        "peak_host_bytes",
        "peak_device_bytes",
        "device_busy_seconds",
        "device_busy_share",
        "kernels_per_step",
        "energy_joules",
        "epoch_flops",
        "epoch_bytes",
        "ceiling_flops_per_second",
        "ceiling_bytes_per_second",
        "floor_seconds",
        "ceiling_share",
        "work",
    ],
    "evaluation": [
        "control",
        "control_seconds",
        "warmup_eval_seconds",
        "latency_seconds_batch_1",
        "latency_seconds_batch_100",
    ],
    "overhead": ["ratio_low", "ratio_high", "blocks"],
}


@pytest.mark.parametrize("kind", FIGURES)
def test_a_good_row_of_each_kind_passes(kind: str) -> None:
    check(content(row(kind)))
    check(content(row(kind, warnings=["The machine was busy."])))


@pytest.mark.parametrize("kind", FIGURES)
def test_of_its_figures_a_row_may_lack_those_that_are_optional_and_no_other(kind: str) -> None:
    full, optional = row(kind), OPTIONAL.get(kind, [])
    check(content({key: value for key, value in full.items() if key not in optional}))
    for key in full.keys() - set(optional) - {"kind"}:
        with pytest.raises(ResultsError, match=f"{key}.*required"):
            check(content({name: value for name, value in full.items() if name != key}))


def test_what_else_pytest_benchmark_writes_is_its_own_affair() -> None:
    check(content(row("epoch"), machine_info={"cpu": {"flags": ["fpu"]}}, anything=1))
    check(content(blocks=[{"any": ["thing"]}]))
    check(
        content(
            run={"schema": 2, "complete": False, "options": {"x": [1]}, "code": "a", "machine_load": {"cores": 0.2}}
        )
    )
    check(content({}))  # a test that failed before it had a row


ROW = r"\$.benchmarks\[1\].extra_info"


@pytest.mark.parametrize(
    ("kind", "wrong", "sentence"),
    [
        ("epoch", {"enrgy_joules": 40.0}, rf"{ROW}: .*'enrgy_joules' was unexpected"),
        ("training", {"blocks": [0, 0]}, rf"{ROW}: .*'blocks' was unexpected"),
        ("epoch", {"epoch_seconds": [2.9, "fast"]}, rf"{ROW}.epoch_seconds\[1\]: 'fast' is not of type 'number'"),
        ("epoch", {"epoch_seconds": 2.9}, rf"{ROW}.epoch_seconds: 2.9 is not of type 'array'"),
        ("epoch", {"epoch_seconds": []}, rf"{ROW}.epoch_seconds: \[\] should be non-empty"),
        ("epoch", {"epoch_seconds": [-1.0, 2.0, 2.0, 2.0]}, rf"{ROW}.epoch_seconds\[0\]: -1.0 is less than"),
        ("epoch", {"epoch_seconds": [2.9] * 3 + [math.nan]}, rf"{ROW}.epoch_seconds\[3\]: nan is not finite"),
        ("epoch", {"energy_joules": math.inf}, rf"{ROW}.energy_joules: inf is not finite"),
        ("epoch", {"epoch_seconds": [2.9] * 99}, rf"{ROW}.blocks: has 4 values where epoch_seconds has 99"),
        ("epoch", {"control_seconds": [2.9]}, rf"{ROW}.control_seconds: has 1 values where epoch_seconds has 4"),
        ("epoch", {"blocks": [0, 0, 1, 1.5]}, rf"{ROW}.blocks\[3\]: 1.5 is not of type 'integer'"),
        ("epoch", {"ratios": {"flax:jit": {"value": 2.0, "low": 1.0}}}, rf"{ROW}.ratios.*flax:jit.*'high' is a dep"),
        ("epoch", {"ratios": {"flax:jit": 2.0}}, rf"{ROW}.ratios.*flax:jit.*: 2.0 is not of type 'object'"),
        ("epoch", {"device_busy_share": 1.2}, rf"{ROW}.device_busy_share: 1.2 is greater than the maximum of 1"),
        ("evaluation", {"latency_seconds_batch_1": [1e-4] * 3}, rf"{ROW}.latency_seconds_batch_1: has 3 .* 2 blocks"),
        ("first epoch", {"start_seconds": 2.0}, rf"{ROW}.start_seconds: 2.0 is not of type 'array'"),
        ("training", {"accuracy_per_epoch": [0.3, 1.2]}, rf"{ROW}.accuracy_per_epoch\[1\]: 1.2 is greater than"),
        ("training", {"losses": [2.1, None]}, rf"{ROW}.losses\[1\]: None is not of type 'number'"),
        ("agreement", {"parameters_total": "62006"}, rf"{ROW}.parameters_total: '62006' is not of type 'integer'"),
        ("agreement", {"rungs": [{"name": "data"}]}, rf"{ROW}.rungs\[0\]: 'status' is a required property"),
        ("overhead", {"steps": True}, rf"{ROW}.steps: True is not of type 'integer'"),
        ("overhead", {"kind": "overhaed"}, rf"{ROW}.kind: 'overhaed' is not one of"),
        ("overhead", {"verdict": "same"}, rf"{ROW}.verdict: 'same' is not one of"),
        ("overhead", {"schema": 1}, rf"{ROW}.schema: 2 was expected"),
        ("overhead", {"versions": {"torch": 2}}, rf"{ROW}.versions.torch: 2 is not of type 'string'"),
    ],
)
def test_a_mistake_in_a_row_is_refused_with_its_place(kind: str, wrong: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ResultsError, match=sentence) as error:
        check(content(row("epoch"), row(kind) | wrong))
    assert len(str(error.value)) < 400


@pytest.mark.parametrize(
    ("top", "sentence"),
    [
        ({"run": {"schema": 2}}, r"\$.run: 'complete' is a required property"),
        ({"run": {"schema": 2, "complete": 1, "options": {}, "code": "a"}}, r"\$.run.complete: 1 is not of type"),
        ({"lost": [{"name": "x"}]}, r"\$.lost\[0\]: 'outcome' is a required property"),
        ({"benchmarks": 3}, r"\$.benchmarks: 3 is not of type 'array'"),
    ],
)
def test_a_mistake_about_the_run_is_refused_with_its_place(top: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ResultsError, match=sentence):
        check(content(row("epoch"), **top))


def test_a_numpy_scalar_that_pytest_benchmark_would_write_as_text_is_refused() -> None:
    import numpy as np

    for value in (np.float32(0.5), np.float64(0.5)):
        with pytest.raises(ResultsError, match=r"final_accuracy: np.float\d\d\(0.5\) is NumPy's"):
            check(content(row("training", final_accuracy=value)))


def properties(schema: Any, place: str = "$") -> Iterator[tuple[str, dict[str, Any]]]:
    """Every key that a schema describes, but for the conditions of an if."""
    if isinstance(schema, dict):
        for name, value in schema.get("properties", {}).items():
            yield f"{place}.{name}", value
        for name, value in schema.items():
            if name != "if":
                yield from properties(value, f"{place}.{name}")
    elif isinstance(schema, list):
        for item in schema:
            yield from properties(item, place)


def test_every_key_is_described_in_one_line_and_quantities_with_their_unit() -> None:
    schema = json.loads(results_schema.SCHEMA_FILE.read_text())
    found = dict(properties(schema))
    assert len(found) > 80
    for place, value in found.items():
        description = value.get("description", "")
        assert description.endswith("."), place
        assert "\n" not in description, place
        for unit in ("seconds", "bytes", "joules", "per_second"):
            if place.endswith(unit):
                words = {"per_second": "per second"}.get(unit, unit)
                assert words in description.lower() or "likewise" in description, place


def test_no_key_is_written_twice() -> None:
    """JSON would take the last of them and say nothing."""

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        assert len({name for name, _ in pairs}) == len(pairs), [name for name, _ in pairs]
        return dict(pairs)

    json.loads(results_schema.SCHEMA_FILE.read_text(), object_pairs_hook=once)


def test_every_figure_of_the_examples_is_in_the_schema_and_the_other_way_round() -> None:
    definitions = json.loads(results_schema.SCHEMA_FILE.read_text())["$defs"]
    for kind, figures in FIGURES.items():
        assert set(definitions[kind.replace(" ", "_")]["properties"]) == set(figures)


def test_importing_bench_imports_no_jsonschema() -> None:
    code = "import bench.results.schema, bench.results.load, sys; sys.exit('jsonschema' in sys.modules)"
    assert finished([sys.executable, "-c", code]).returncode == 0


def test_environment_variables_are_text_by_name_and_may_be_absent() -> None:
    check(content(row("epoch", environment={"XLA_FLAGS": "--a"})))
    check(content(row("epoch")))
    with pytest.raises(ResultsError, match="environment"):
        check(content(row("epoch", environment={"XLA_FLAGS": 1})))
