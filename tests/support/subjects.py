"""Variants in workers of their own, to be timed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from bench.base.settings import Settings
from bench.worker.variant import Subject
from impls import registry
from impls.spec import LECTURE


def settings(*names: str, **more: Any) -> Settings:
    """Of a run of these variants on made-up data."""
    choices = [registry.choices(name)[0] for name in names]
    return Settings.checked(choices, device="cpu", threads=1, timeout=60, results=Path("unused"), synthetic=400, **more)


def subject(name: str) -> Subject:
    """The variant of this name in a fresh worker."""
    asked = settings(name)
    return Subject(asked.choices[0], asked, LECTURE)
