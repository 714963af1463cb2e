"""What was measured, as a file: ``<results>/pitfalls/<machine>/measured.json``."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field, is_dataclass
from pathlib import Path
from types import UnionType
from typing import Any, get_args, get_origin, get_type_hints

from bench.base import files
from bench.base.settings import Settings
from bench.pitfalls.catalogue import BY_KEY
from impls.errors import LenetError

SCHEMA = 1
FOLDER = "pitfalls"
"""Within a folder of results, with a folder for each machine in it: a file beside the machines' own folders would be
taken for one of their results files."""


@dataclass(frozen=True)
class Outcome:
    """What came of measuring one mistake.

    Attributes:
        commit: of the code that measured it.
        date: when it was measured, ISO 8601, UTC.
        busy_cores: that other programs used before.
        took: seconds.
        figures: of the mistake's own dataclass; None where it was not measured.
        missing: why it was not, a sentence without a full stop; empty if it was.
    """

    commit: str
    date: str
    busy_cores: float
    took: float
    figures: Any
    missing: str


@dataclass
class Stored:
    """All that was measured on a machine.

    Attributes:
        device: its name.
        threads: cores of every worker.
        data: fingerprint of the data that networks were trained on.
        versions: of Python and the packages.
        outcomes: by the mistake's key.
    """

    device: str
    threads: int
    data: str
    versions: dict[str, str]
    outcomes: dict[str, Outcome] = field(default_factory=dict)

    def write(self, path: Path) -> None:
        """Write it, whole or not at all.

        Raises:
            LenetError: it cannot be written.
        """
        content = {"schema": SCHEMA, **asdict(self)}
        try:
            files.write(path, json.dumps(content, indent=1, allow_nan=False) + "\n")
        except OSError as error:
            raise LenetError(f"{path} cannot be written ({error.strerror}); make room, or give --results.") from error

    @classmethod
    def read(cls, path: Path) -> Stored:
        """A file that `write` wrote.

        Raises:
            LenetError: it is none, or cannot be read.
        """
        try:
            content = json.loads(path.read_text())
            if content.pop("schema") != SCHEMA:
                raise ValueError("it is of another schema")
            outcomes = {key: _outcome(key, value) for key, value in content.pop("outcomes").items()}
            kinds = get_type_hints(cls)
            if set(content) != set(kinds) - {"outcomes"}:
                raise ValueError(f"it says {', '.join(sorted(content))} of the machine")
            about = {name: rebuilt(kinds[name], value) for name, value in content.items()}
            return cls(**about, outcomes=outcomes)
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise LenetError(
                f"{path} holds no measured pitfalls ({error}); measure them with `make pitfalls`."
            ) from error


def path_of(settings: Settings) -> Path:
    """Where a machine's file is; made-up data has another name, and is never taken for the real ones."""
    name = f"made-up-{settings.synthetic}-images" if settings.synthetic else "measured"
    return settings.results / FOLDER / settings.machine / f"{name}.json"


def _outcome(key: str, values: dict[str, Any]) -> Outcome:
    figures = values.pop("figures")
    outcome: Outcome = rebuilt(Outcome, values | {"figures": None})
    if outcome.missing:
        return outcome
    return rebuilt(Outcome, values | {"figures": rebuilt(BY_KEY[key].figures, figures)})


def rebuilt(kind: Any, value: Any) -> Any:
    """What `dataclasses.asdict` and JSON made plain, as it was.

    Args:
        kind: a dataclass, a list, a dict, a union with None, Any, or a plain type.
        value: from JSON.

    Raises:
        ValueError: the value is of another kind.
    """
    origin = get_origin(kind)
    if kind is Any:
        return value
    if is_dataclass(kind) and isinstance(kind, type):
        kinds = get_type_hints(kind)
        if not isinstance(value, dict) or set(value) != set(kinds):
            raise ValueError(f"{kind.__name__} is {value!r}")
        return kind(**{name: rebuilt(kinds[name], value[name]) for name in kinds})
    if origin is list and isinstance(value, list):
        return [rebuilt(get_args(kind)[0], each) for each in value]
    if origin is dict and isinstance(value, dict):
        return {name: rebuilt(get_args(kind)[1], each) for name, each in value.items()}
    if origin is UnionType:
        [other] = [each for each in get_args(kind) if each is not type(None)]
        return None if value is None else rebuilt(other, value)
    if kind is float and type(value) in (int, float):
        return float(value)
    if type(value) is not kind:
        raise ValueError(f"{value!r} is not of the kind {kind}")
    return value
