"""What is wrong with one results file."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from bench.results.validation import stated, verdicts
from bench.results.validation.verdicts import Placed

NAME = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}-\d{2}-\d{2}Z(-quick)?\.json")
"""Of a results file, its time."""

MACHINE = ("system", "machine", "python_version")
"""What ``machine_info`` must say, beside the processor."""


def rows_of(content: Mapping[str, Any]) -> list[Placed]:
    """The rows of a file's content, each behind its place."""
    infos = [(f"$.benchmarks[{n}].extra_info", each["extra_info"]) for n, each in enumerate(content["benchmarks"])]
    return [(place, info) for place, info in infos if "kind" in info]


def processor(content: Mapping[str, Any]) -> str:
    """The processor's name; empty where the file has none."""
    cpu = content.get("machine_info", {}).get("cpu") or {}
    return str(cpu.get("brand_raw") or cpu.get("arch_string_raw") or "")


def findings(content: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """What is wrong with the content of a results file, behind its place, its verdicts included.

    Args:
        content: as `bench.results.content.read` gives it.
    """
    rows = rows_of(content)
    if not rows:
        yield "$.benchmarks", "there is no finished measurement; delete the file"
    yield from _run(content)
    yield from _machine(content, rows)
    for place, row in rows:
        yield from _row(place, row, content)
    yield from verdicts.of_rows(rows)


def _run(content: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    if content.get("run", {}).get("complete") is False:
        yield "$.run.complete", "the run did not come to its end; go on with --resume"
    for index, lost in enumerate(content.get("lost", [])):
        yield f"$.lost[{index}]", f"{lost['name']} was lost ({lost['reason']}); measure it with --resume"
    about = content["commit_info"]
    for what in stated.commit(about.get("id"), dirty=bool(about.get("dirty"))):
        yield "$.commit_info", what


def _machine(content: Mapping[str, Any], rows: list[Placed]) -> Iterator[tuple[str, str]]:
    about = content.get("machine_info", {})
    for name in MACHINE:
        if not about.get(name):
            yield f"$.machine_info.{name}", "the machine is not described; measure again"
    if not processor(content):
        yield "$.machine_info.cpu", "the processor has no name; measure again"
    if not about.get("gpu") and any(row.get("device", "").startswith("cuda") for _, row in rows):
        yield "$.machine_info.gpu", "rows are of a GPU that has no name; measure again"


def _row(place: str, row: Mapping[str, Any], content: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    options = content.get("run", {}).get("options")
    # Schema 1 has no options: there the fingerprint alone says that images are made up.
    says = bool(options.get("synthetic")) if options is not None else row["data_fingerprint"].startswith(stated.MADE_UP)
    yield from ((f"{place}.data_fingerprint", what) for what in stated.data(row["data_fingerprint"], says))
    yield from ((f"{place}.versions", what) for what in stated.versions(row["backend"], row["versions"]))
    yield from ((f"{place}.device_name", what) for what in stated.device(row["device_name"]))
