"""Read results files, and choose what each table shows."""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench.results.content import read, schema_of
from bench.results.schema import ResultsError
from bench.results.upgrade import from_schema_1
from impls.reference.rounding import MANTISSA_BITS


@dataclass(frozen=True)
class Run:
    """One results file.

    Attributes:
        path: of the file.
        date: when it was written, ISO 8601.
        commit: abbreviated id, with "+changes" where the work tree was not clean.
        records: ``extra_info`` of every row, in order, under the names of schema 2.
        lost: what could not be measured: name, outcome and reason.
        schema: that the file was written in.
        code: digest of the harness's and backends' sources; None where it was not recorded, as in schema 1.
        complete: whether the run came to its end; None where it was not recorded, likewise.
        warnings: of what may have spoilt the whole run.
        driver: version of the GPU's; None without one.
        options: what was asked for, by name; empty where it was not recorded, as in schema 1.
    """

    path: Path
    date: str
    commit: str
    records: list[dict[str, Any]]
    lost: list[dict[str, str]]
    schema: int
    code: str | None
    complete: bool | None
    warnings: list[str] = field(default_factory=list)
    driver: str | None = None
    options: dict[str, Any] = field(default_factory=dict)

    @property
    def rows(self) -> dict[tuple[str, str], dict[str, Any]]:
        """The records by label of the variant and kind."""
        return {(f"{record['backend']}:{record['variant']}", record["kind"]): record for record in self.records}


@dataclass
class Variant:
    """All that a run says of one variant on one device: a record of each kind."""

    label: str
    records: dict[str, dict[str, Any]] = field(default_factory=dict)

    def get(self, kind: str, key: str, default: Any = None) -> Any:
        """A figure, or ``default`` where it was not measured."""
        return self.records.get(kind, {}).get(key, default)

    @property
    def any_record(self) -> dict[str, Any]:
        """Some record, for what all of them share."""
        return next(iter(self.records.values()))


@dataclass
class Device:
    """The variants that one run measured on one device, under one precision, data set and seed.

    Rows of several runs never share a table: they are of other minutes, and often of another commit or machine.

    Attributes:
        name: of the device, in words.
        precision: e.g. "fp32".
        data: fingerprint of the data set.
        seed: of initial parameters and order.
        quick: whether the run was a quick one.
        variants: by label.
        runs: the run, alone.
        further: whether a larger run of the same device, precision, data and seed is shown before this one.
        left_out: other such runs that no table shows, newest first.
    """

    name: str
    precision: str
    data: str
    seed: int
    quick: bool = False
    variants: dict[str, Variant] = field(default_factory=dict)
    runs: list[Run] = field(default_factory=list)
    further: bool = False
    left_out: list[Device] = field(default_factory=list)

    @property
    def title(self) -> str:
        """Device, precision, and what is out of the ordinary."""
        return f"{self.name}, {self.conditions}"

    @property
    def conditions(self) -> str:
        """The title without the device."""
        made_up = ["made-up images"] if self.data.startswith("synthetic") else []
        quick = ["quick run"] if self.quick else []
        further = [f"another run of {self.date}"] if self.further else []
        return ", ".join([self.precision, f"seed {self.seed}", *made_up, *quick, *further])

    @property
    def key(self) -> tuple[str, str, str, int]:
        """What runs must share to be measured alike."""
        return self.name, self.precision, self.data, self.seed

    @property
    def date(self) -> str:
        """When the run was written, to the minute; empty where there is none."""
        return self.runs[-1].date[:16].replace("T", " ") if self.runs else ""

    @property
    def timed(self) -> list[str]:
        """The labels of the variants whose epochs were timed."""
        return [label for label, variant in self.variants.items() if "epoch" in variant.records]

    @property
    def size(self) -> tuple[int, int]:
        """How many variants were timed, and how many records there are; the greater is the larger run."""
        return len(self.timed), sum(len(variant.records) for variant in self.variants.values())

    @property
    def what(self) -> set[tuple[str, bool]]:
        """What a table has: each label with False, and with True as well where the variant was trained."""
        trained = {(label, True) for label, variant in self.variants.items() if "training" in variant.records}
        return {(label, False) for label in self.variants} | trained


def read_run(path: Path) -> Run | None:
    """A results file; None, with a warning that names it, where it is none of this suite's or not whole."""
    try:
        return load(path)
    except ResultsError as error:
        _warn(f"{error} It is left out.")
        return None


def load(path: Path) -> Run:
    """A results file.

    Raises:
        ResultsError: it cannot be read, or is not a whole and sensible results file of this suite.
    """
    content = read(path)
    schema = schema_of(content)
    records = [b["extra_info"] for b in content["benchmarks"] if "kind" in b["extra_info"]]
    commit, about = content["commit_info"], content.get("run", {})
    return Run(
        path,
        content["datetime"],
        str(commit.get("id") or "unknown")[:10] + ("+changes" if commit.get("dirty") else ""),
        [from_schema_1(record) for record in records] if schema == 1 else records,
        content.get("lost", []),
        schema,
        about.get("code"),
        about.get("complete"),
        about.get("warnings", []),
        content.get("machine_info", {}).get("gpu_driver"),
        about.get("options", {}),
    )


def _warn(sentence: str) -> None:
    # Not warnings.warn: within pytest that may be an error, and a bad file must not cost the good ones' tables.
    print(f"warning: {sentence}", file=sys.stderr)


def devices(runs: list[Run]) -> list[Device]:
    """The tables that a set of runs makes: real data first, full runs rather than quick ones.

    Each is of one run, for only the rows of one run were timed in turn. Of the runs of one device, precision, data set
    and seed the one with the most timed variants is shown, then those with the most records; of two as large, the
    newer. Another run has tables of its own where it has a variant, or trained one, that no table has yet, and is
    otherwise named in `Device.left_out`.
    """
    full = {_key(record) for run in runs for record in run.records if not record["quick"]}
    groups: dict[tuple[str, str, str, int], list[Device]] = {}
    for run in sorted(runs, key=lambda run: run.date):
        own: dict[tuple[str, str, str, int], Device] = {}
        for record in run.records:
            key = _key(record)
            if record["quick"] and key in full:
                continue
            device = own.setdefault(key, Device(*key, quick=record["quick"], runs=[run]))
            label = f"{record['backend']}:{record['variant']}"
            device.variants.setdefault(label, Variant(label)).records[record["kind"]] = record
        for key, device in own.items():
            groups.setdefault(key, []).append(device)
    shown = [device for group in groups.values() for device in _shown(group)]
    return sorted(shown, key=_place)


def _shown(group: list[Device]) -> list[Device]:
    """Of devices that differ in their run alone, oldest first, those that get a table; the largest comes first."""
    newest = group[::-1]
    first = max(newest, key=lambda device: device.size)  # the first of several as large
    shown, covered = [first], set(first.what)
    for device in newest:
        if device is first:
            continue
        if device.what <= covered:
            first.left_out.append(device)
            continue
        device.further = True
        shown.append(device)
        covered |= device.what
    return shown


def _key(record: dict[str, Any]) -> tuple[str, str, str, int]:
    return record["device_name"], record["precision"], record["data_fingerprint"], record["seed"]


def _place(device: Device) -> tuple[Any, ...]:
    """Where a device's tables stand: real data first, and the fullest precision."""
    known = list(MANTISSA_BITS)
    rank = known.index(device.precision) if device.precision in known else len(known)
    return device.data.startswith("synthetic"), device.name, rank, device.precision, device.seed
