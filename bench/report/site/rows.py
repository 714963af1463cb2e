"""The rows of the main table: what is shown of each variant on each device, and what the page sorts and filters by."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from bench.base.settings import PLAIN_LOOP, idiomatic
from bench.report.site import cost, pairs
from bench.report.site.evidence import Evidence, evidence
from bench.report.tables.cells import agreement_text, spread_text
from bench.results.load import Device, Variant
from bench.stats.ratio import Ratio
from bench.training.run import TrainingRun
from bench.training.selection import Section
from impls.spec import LECTURE

AS_WRITTEN, AT_BEST = "as people write it", "at its best"
HOWS = {"written": AS_WRITTEN, "best": AT_BEST}
"""What they are called in the page's address."""

STYLES = f"""*{AS_WRITTEN.capitalize()}*: the framework's plain variant, and the loop that tutorials teach
({PLAIN_LOOP}). *{AT_BEST.capitalize()}*: the framework's fastest variant of the run that the ladder calls equivalent,
with all that cannot be told from it."""


@dataclass(frozen=True)
class Row:
    """One variant on one device.

    Attributes:
        id: of the row in the page.
        label: ``backend:variant``.
        framework: the backend.
        device: key of the device's part of the page.
        precision: e.g. "fp32".
        styles: `AS_WRITTEN`, `AT_BEST`, both or neither.
        agreement: the verdict, in words.
        seconds: median of the steady epochs; None where none was timed.
        spread: least and greatest of them, in words.
        place: by speed on its device, in words; empty where it was not timed.
        to_target: seconds of training to `cost.TARGET`; None where nothing says.
        recipe: seconds of the whole recipe; None likewise.
        accuracy: after the last epoch of the lecture's recipe, a fraction; None where it was not trained.
        evidence: where all of it comes from.
    """

    id: str
    label: str
    framework: str
    device: str
    precision: str
    styles: tuple[str, ...]
    agreement: str
    seconds: float | None
    spread: str
    place: str
    to_target: float | None
    recipe: float | None
    accuracy: float | None
    evidence: Evidence

    @property
    def hows(self) -> list[str]:
        """The styles as the page filters by them."""
        return [name for name, style in HOWS.items() if style in self.styles]


@dataclass
class Part:
    """A device's part of the page.

    Attributes:
        key: of the part, unique.
        device: its results.
        section: training over seeds, on that device, in that precision and by the lecture's recipe; None without.
        rows: of its variants, the fastest first.
        ratios: of every pair, by label of the baseline and of the variant.
    """

    key: str
    device: Device
    section: Section | None
    rows: list[Row] = field(default_factory=list)
    ratios: dict[str, dict[str, Ratio]] = field(default_factory=dict)

    @property
    def called(self) -> str:
        """The device in words, with what is out of the ordinary; without precision, which has a column of its own."""
        named = self.device.title.replace(f", {self.device.precision}", "", 1)
        return named.removesuffix(", seed 0")

    def row(self, label: str) -> Row:
        """The row of a variant."""
        return next(row for row in self.rows if row.label == label)


def part(key: str, device: Device, sections: Sequence[Section], page: Path) -> Part:
    """A device's part, with all its rows.

    Args:
        key: of the part.
        device: its results.
        sections: of training over seeds, on any device and by any recipe.
        page: that links lead from.
    """
    section = next((each for each in sections if _belongs(each.runs[0], device)), None)
    own = section.runs if section else []
    found = Part(key, device, section, ratios=pairs.ratios(device))
    places = pairs.places(found.ratios, device.timed)
    reached = cost.epochs_to_target(device, own)
    best = _best(device, found.ratios)
    labels = sorted(device.variants, key=lambda label: (_seconds(device.variants[label]) or float("inf"), label))
    for number, label in enumerate(labels):
        variant = device.variants[label]
        framework = label.partition(":")[0]
        written = label in (idiomatic(label), PLAIN_LOOP)
        styles = [AS_WRITTEN] if written else []
        found.rows.append(
            Row(
                id=f"{key}-{number}",
                label=label,
                framework=framework,
                device=key,
                precision=device.precision,
                styles=tuple(styles + ([AT_BEST] if label in best else [])),
                agreement=_agreement(variant),
                seconds=_seconds(variant),
                spread=spread_text(seconds) if (seconds := variant.get("epoch", "epoch_seconds", [])) else "",
                place=_place(places.get(label)),
                to_target=cost.seconds_to(variant, reached.get(framework)),
                recipe=cost.recipe_seconds(variant),
                accuracy=_accuracy(variant, own),
                evidence=evidence(device, variant, page),
            )
        )
    return found


def _belongs(run: TrainingRun, device: Device) -> bool:
    """Whether a run is of this device, precision and data, and by the lecture's recipe."""
    place = (run.device_name, run.precision, run.data_fingerprint, run.recipe)
    return place == (device.name, device.precision, device.data, LECTURE.name)


def _best(device: Device, ratios: dict[str, dict[str, Ratio]]) -> set[str]:
    """Of each framework the fastest equivalent variant, and what cannot be told from it."""
    found: set[str] = set()
    groups: dict[str, list[str]] = {}
    for label in device.timed:
        if _agreement(device.variants[label]) == "equivalent":
            groups.setdefault(label.partition(":")[0], []).append(label)
    for labels in groups.values():
        fastest = min(labels, key=lambda label: _seconds(device.variants[label]) or float("inf"))
        found.add(fastest)
        for label in labels:
            against = ratios[fastest].get(label)
            if against and against.low is not None and not against.distinguishable:
                found.add(label)
    return found


def _agreement(variant: Variant) -> str:
    """A row is no better than the worst verdict among its records."""
    records = variant.records.values()
    return agreement_text(next((r for r in records if r["verdict"] != "equivalent"), variant.any_record))


def _seconds(variant: Variant) -> float | None:
    seconds = variant.get("epoch", "epoch_seconds", [])
    return median(seconds) if seconds else None


def _place(place: tuple[int, int] | None) -> str:
    if place is None:
        return ""
    first, last = place
    return f"{first}" if first == last else f"{first}–{last}"


def _accuracy(variant: Variant, runs: Sequence[TrainingRun]) -> float | None:
    """Mean over the seeds that this variant was trained from, or of the benchmark's own training of all epochs."""
    finals = [run.final_accuracy for run in runs if run.label == variant.label and not run.twin]
    if finals:
        return sum(finals) / len(finals)
    own = variant.get("training", "accuracy_per_epoch", [])
    return float(own[-1]) if len(own) == LECTURE.epochs else None
