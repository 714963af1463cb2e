"""What is known of a mistake: where people made it, how it is measured here, and what prevents it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from bench.pitfalls.lab import Lab

Figures = TypeVar("Figures")


@dataclass(frozen=True)
class Thread:
    """A public thread on GitHub where somebody made the mistake or found it.

    Attributes:
        repository: owner and name.
        number: of the issue or pull request.
        happened: what happened there, in a sentence or two.
        pull: whether it is a pull request.
    """

    repository: str
    number: int
    happened: str
    pull: bool = False

    @property
    def name(self) -> str:
        """As GitHub writes it: ``owner/name#number``."""
        return f"{self.repository}#{self.number}"

    @property
    def url(self) -> str:
        """Its address."""
        return f"https://github.com/{self.repository}/{'pull' if self.pull else 'issues'}/{self.number}"


@dataclass(frozen=True)
class Told:
    """What a mistake's figures say, in words.

    Attributes:
        worth: what the mistake is worth here, in a few words.
        wrong: the headline that one would write with it.
        right: the headline without it.
        measured: how it was measured, and what else was found.
    """

    worth: str
    wrong: str
    right: str
    measured: str


@dataclass(frozen=True)
class Mistake(Generic[Figures]):
    """A mistake.

    Attributes:
        key: names it in the stored file and for ``--only``.
        title: of its section.
        made: what people do, in sentences.
        threads: where they did.
        avoided: what the harness does instead, in sentences.
        where: the files that do it, from the repository's root.
        figures: the dataclass of what is measured, with units.
        measure: measures it; raises a LenetError that says why where it cannot.
        tell: what the figures say.
    """

    key: str
    title: str
    made: str
    threads: tuple[Thread, ...]
    avoided: str
    where: tuple[str, ...]
    figures: type[Figures]
    measure: Callable[[Lab], Figures]
    tell: Callable[[Figures], Told]
