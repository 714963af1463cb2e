"""How much a visit has stored, so that a step which is stopped again and again without storing anything is noticed."""

from __future__ import annotations

import json
from pathlib import Path


def stored(folder: Path) -> int:
    """How many results a machine's folder holds: files, and in them benchmarks, blocks and timed numbers of seeds.

    Args:
        folder: the machine's folder; logs, archives, pages and hidden files in it do not count.
    """
    paths = [path for path in folder.rglob("*") if path.is_file() and path.suffix not in (".log", ".gz", ".md")]
    paths = [path for path in paths if not path.name.startswith((".", "state."))]
    return len(paths) + sum(_entries(path) for path in paths if path.suffix == ".json")


def _entries(path: Path) -> int:
    try:
        content = json.loads(path.read_text())
    except (OSError, ValueError, RecursionError):
        return 0
    if not isinstance(content, dict):
        return 0
    variants = content.get("variants", {})
    seeds = sum(len(each) for each in variants.values()) if isinstance(variants, dict) else 0
    return len(content.get("benchmarks", [])) + len(content.get("blocks", [])) + seeds
