"""The one data pipeline: where images come from, how they are checked and kept, and what backends are given."""

from __future__ import annotations

from impls.data.cache import CACHE_FOLDER, ROOT_VARIABLE, data_root, is_prepared, load, prepare, to_float
from impls.data.split import Split

__all__ = ["CACHE_FOLDER", "ROOT_VARIABLE", "Split", "data_root", "is_prepared", "load", "prepare", "to_float"]
