"""Which digests of a backend's code stand for the same training, by evidence that is kept in the repository.

A digest changes with every definition. Where old and new code train the same bit for bit, stored runs of the old code
are as good as new ones. `bench.training.same_code` trains both and writes down what it saw; nothing else does.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path

from bench.base import files

LIST = Path(__file__).with_name("equivalent_code.json")
SCHEMA = 1


@dataclass(frozen=True, kw_only=True)
class Equivalence:
    """A variant whose old and new code gave the same losses and parameters.

    Attributes:
        module: the backend's.
        label: ``backend:variant``.
        precision: in which both were trained.
        old: digest of the old code, `bench.base.code_digest`.
        new: digest of the new code.
        old_commit: where the old code is.
        date: ISO 8601, UTC.
        machine: the processor and the cores for each side.
        seed: of initial parameters and order.
        epochs: trained.
        data_fingerprint: of the training split.
        versions: of the packages, the same on both sides.
        old_result: SHA-256 of all losses and of the parameters after every epoch, of the old code.
        new_result: of the new code.
    """

    module: str
    label: str
    precision: str
    old: str
    new: str
    old_commit: str
    date: str
    machine: str
    seed: int
    epochs: int
    data_fingerprint: str
    versions: dict[str, str]
    old_result: str
    new_result: str


def read(path: Path) -> list[Equivalence]:
    """The entries of a list; none where there is no file.

    Raises:
        ValueError: it is no such list, or an entry's two results differ.
    """
    if not path.exists():
        return []
    content = json.loads(path.read_text())
    if content.get("schema") != SCHEMA:
        raise ValueError(f"{path} is not a list of equivalent code of schema {SCHEMA}.")
    entries = [Equivalence(**entry) for entry in content["entries"]]
    for entry in entries:
        if entry.old_result != entry.new_result:
            raise ValueError(f"{path} lists {entry.old} and {entry.new} as equal, and their results differ.")
    return entries


def add(path: Path, entries: list[Equivalence]) -> None:
    """Write entries behind those of a list; one for the same digests, variant and precision is replaced."""

    def key(entry: Equivalence) -> tuple[str, ...]:
        return entry.old, entry.new, entry.label, entry.precision

    kept = {key(entry): entry for entry in [*read(path), *entries]}
    content = {"schema": SCHEMA, "entries": [asdict(entry) for entry in kept.values()]}
    files.write(path, json.dumps(content, indent=1) + "\n")


def same_code(one: str, other: str, label: str, precision: str) -> bool:
    """Whether two digests are the same, or a chain of entries leads from one to the other."""
    return one == other or other in reachable(one, label, precision, tuple(_listed()))


def reachable(digest: str, label: str, precision: str, entries: tuple[Equivalence, ...]) -> set[str]:
    """All digests of the same training; equality holds both ways, so a chain may be walked in either direction."""
    pairs = [(each.old, each.new) for each in entries if (each.label, each.precision) == (label, precision)]
    found, waiting = {digest}, [digest]
    while waiting:
        current = waiting.pop()
        for pair in pairs:
            if current in pair:
                waiting += [each for each in pair if each not in found]
                found.update(pair)
    return found


@cache
def _listed() -> list[Equivalence]:
    return read(LIST)
