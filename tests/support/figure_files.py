"""The files that every figure is saved as."""

from __future__ import annotations

SUFFIXES = (".svg", ".png", "-dark.svg", "-dark.png")
