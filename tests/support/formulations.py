"""Formulations of `impls.tried`, made from their names."""

from __future__ import annotations

import importlib
from functools import cache

from impls.contract import Backend


@cache
def tried(name: str) -> Backend:
    module, _, class_name = name.partition(":")
    cls = getattr(importlib.import_module(f"impls.tried.{module}"), class_name)
    [variant] = cls.variants
    return cls(variant=variant, device="cpu")
