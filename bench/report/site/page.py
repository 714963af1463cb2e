"""`results/index.html`: one file with everything in it, drawn from stored results."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape as html_escape
from pathlib import Path
from typing import Any

from bench.lecture.evidence import Evidence, gather
from bench.report import escape, own_page
from bench.report.machine_results import MachineResults, machines
from bench.report.plots.style import DARK, LIGHT
from bench.report.site import answers, cost, pairs, rows
from bench.report.site.rows import Part, Row
from bench.training import selection
from impls.errors import LenetError
from impls.spec import LECTURE

TEMPLATES = Path(__file__).parent / "templates"
BASELINES = ("pytorch:eager", "reference:float32")
"""What the page compares with when it is opened; the first that was timed."""


@dataclass
class Found:
    """All that a page is made of.

    Attributes:
        machines: their results.
        lecture: what the lecture's claims are held against, by device.
    """

    machines: Sequence[MachineResults]
    lecture: Sequence[Evidence] = ()


@dataclass(frozen=True)
class Place:
    """A device's part of the page, as the template takes it."""

    part: Part
    measured: str
    answers: list[answers.Answer]
    panels: list[Any]
    left_out: list[str]


def gathered(results: Path) -> Found:
    """All results under a folder of results, one folder per machine."""
    found = [MachineResults.of_folder(results / name) for name in machines(results)]
    devices = [device for machine in found for device in machine.devices]
    return Found(found, [each for each in gather(results, devices) if each.lecture])


def write_site(results: Path, page: Path) -> None:
    """Write the page of a folder of results, over an older page of ours and over nothing else.

    Raises:
        LenetError: it cannot be written, another page is there, or what draws it is not installed.
    """
    write_found(gathered(results), page)


def write_found(found: Found, page: Path) -> None:
    """Write the page of anybody's results, as `write_site` does."""
    text = site_text(found, page)
    try:
        own_page.write(page, text)
    except OSError as error:
        raise LenetError(f"{page} cannot be written ({error.strerror}); choose another place with --out.") from error


def site_text(found: Found, page: Path) -> str:
    """The page as HTML.

    Args:
        found: what is shown.
        page: where it will be; links lead from there.

    Raises:
        LenetError: Jinja2 is not installed, or there is nothing to show.
    """
    try:
        from jinja2 import Environment, FileSystemLoader, StrictUndefined
        from markupsafe import Markup
    except ImportError as error:
        raise LenetError(
            "The results page needs Jinja2; install it with `pip install 'lenet-parity[report]'`."
        ) from error
    if not any(machine.devices for machine in found.machines):
        raise LenetError("There are no results to show; measure some with `pytest bench/ --benchmark-only`.")
    from bench.report.plots.inline import variables
    from bench.report.site.lecture import lecture

    def plain(value: object) -> object:
        """One printable line of any text that is not HTML already."""
        return escape.one_line(value) if isinstance(value, str) and not isinstance(value, Markup) else value

    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=plain,
    )
    environment.filters["lines"] = lambda text: Markup(html_escape(escape.printable(text)))
    environment.filters["asset"] = lambda name: Markup((TEMPLATES / name).read_text(encoding="utf-8"))
    parts = _parts(found, page)
    places = [_place(part, found) for part in parts]
    places.sort(key=lambda place: -len(place.answers))  # the fullest answers first, the newest of those as full
    every = [row for place in places for row in place.part.rows]
    return environment.get_template("page.html.jinja").render(
        places=places,
        first=places[0],
        rows=every,
        called={part.key: part.called for part in parts},
        choices=_choices(parts, every),
        baseline=next((label for label in BASELINES if any(label in part.ratios for part in parts)), ""),
        ratios={part.key: _ratios(part) for part in parts},
        cell=_cell,
        lecture=lecture(found.lecture[0]) if found.lecture else None,
        target=f"{cost.TARGET:.0%}",
        epochs=LECTURE.epochs,
        readings=[rows.STYLES, cost.READING],
        light=Markup(variables(LIGHT)),
        dark=Markup(variables(DARK)),
    )


def _parts(found: Found, page: Path) -> list[Part]:
    """The devices' parts, those first whose answers are shown, the newest of them at the top."""
    keys: dict[str, int] = {}
    parts = []
    for machine in found.machines:
        for device in machine.devices:
            called = f"{machine.name}-{device.precision}"
            name = "".join(char if char.isalnum() and char.isascii() else "-" for char in called)
            keys[name] = keys.get(name, 0) + 1
            key = name if keys[name] == 1 else f"{name}-{keys[name]}"
            parts.append(rows.part(key, device, machine.sections, page))
    first = answers.order(parts)
    newest = sorted(first, key=lambda part: (part.device.precision == "fp32", part.device.date), reverse=True)
    return [*newest, *(part for part in parts if part not in first)]


def _place(part: Part, found: Found) -> Place:
    from bench.report.site.panels import panels

    accuracies = selection.accuracies(part.section) if part.section else None
    lecture = next((each for each in found.lecture if each.device == part.device.name), None)
    shown = answers.answers(part, accuracies, lecture) if part in answers.order([part]) else []
    left_out = [device.runs[-1].path.name for device in part.device.left_out]
    return Place(part, answers.measured(part), shown, panels(part, accuracies), left_out)


def _choices(parts: Sequence[Part], every: Sequence[Row]) -> list[tuple[str, str, list[tuple[str, str]]]]:
    """What can be filtered by: name in the address, name in words, and each value with its own words."""
    return [
        ("d", "device", [(part.key, f"{part.called}, {part.device.precision}") for part in parts]),
        ("p", "precision", [(value, value) for value in dict.fromkeys(row.precision for row in every)]),
        ("f", "framework", [(value, value) for value in dict.fromkeys(row.framework for row in every)]),
        ("w", "how", list(rows.HOWS.items())),
    ]


def _ratios(part: Part) -> dict[str, dict[str, tuple[str, float, int]]]:
    """By baseline and row: the ratio in words, its value to sort by, and its sign."""
    ids = {row.label: row.id for row in part.rows}
    return {
        escape.one_line(base): {
            ids[label]: (pairs.words(each), each.value, pairs.sign(each)) for label, each in found.items()
        }
        for base, found in part.ratios.items()
    }


def _cell(value: float | None, form: str) -> str:
    """A figure, or nothing where it was not measured."""
    return "" if value is None else form.format(value)
