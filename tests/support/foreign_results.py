"""Files that end in ``.json`` and are no results files of this suite, and what is said of each."""

from __future__ import annotations

import json

from made_up_results import content, row
from made_up_schema_1 import EPOCH

PLAIN = {
    "machine_info": {"node": "elsewhere"},
    "commit_info": {"id": "abc"},
    "benchmarks": [{"name": "test_sort", "extra_info": {}, "stats": {"median": 0.1}}],
    "datetime": "2026-01-01T00:00:00",
    "version": "5.3.1",
}
OLD = {"benchmarks": [{"extra_info": EPOCH}], "commit_info": {"id": "0123"}, "datetime": "2026-01-01"}


def _bytes(values: object) -> bytes:
    return json.dumps(values).encode()


FOREIGN = {
    "plain": (_bytes(PLAIN), "it is pytest-benchmark's, of another project"),
    "kinds": (
        _bytes(PLAIN | {"benchmarks": [{"extra_info": {"kind": "sort"}}]}),
        "it is pytest-benchmark's, of another project",
    ),
    "no commit": (_bytes(content(row("epoch"), commit_info=None)), "its commit_info is None"),
    "no commit, schema 1": (_bytes(OLD | {"commit_info": None}), "its commit_info is None"),
    "no date": (_bytes(OLD | {"datetime": 5}), "its datetime is 5"),
    "no machine": (_bytes(content(row("epoch"), machine_info=None)), "its machine_info is None"),
    "nan": (
        _bytes(content(row("epoch", epoch_seconds=[2.9, float("nan"), 2.9, 2.9]))),
        "$.benchmarks[0].extra_info.epoch_seconds[1]: nan is not finite",
    ),
    "nan, schema 1": (
        _bytes(OLD | {"benchmarks": [{"extra_info": EPOCH | {"epoch_seconds": [float("nan")]}}]}),
        "$.benchmarks[0].extra_info.epoch_seconds[0]: nan is not finite",
    ),
    "text as time": (
        _bytes(OLD | {"benchmarks": [{"extra_info": EPOCH | {"epoch_seconds": ["fast"]}}]}),
        "$.benchmarks[0].extra_info.epoch_seconds[0]: 'fast' is not of type 'number'",
    ),
    "half a row": (
        _bytes(OLD | {"benchmarks": [{"extra_info": {"schema": 1, "kind": "epoch"}}]}),
        "backend of a row is missing",
    ),
    "empty": (b"", "it is empty"),
    "list": (b"[]", "it holds a list"),
    "number": (b"3", "it holds a number"),
    "text": (b'"run"', "it holds a text"),
    "null": (b"null", "it holds a null"),
    "object": (b"{}", "it has no list of measurements"),
    "no rows": (b'{"benchmarks": [3]}', "it has no list of measurements"),
    "other run": (b'{"benchmarks": [], "run": "of luck"}', "its run names no schema"),
    "binary": (b"\x89PNG\r\n\x1a\n\xff", "it is not text"),
    "utf-16": ("{}".encode("utf-16"), "it is not text"),
    "half": (_bytes(content(row("epoch")))[:100], "it is not whole JSON: "),
    "deep": (b"[" * 100_000, "it is nested too deeply"),
}
"""Content of a file, and what the sentence says of it."""
