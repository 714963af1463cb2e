"""What is wrong with one stored training run."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import PurePosixPath
from typing import Any

from bench.base.code_digest import code_digest
from bench.results.validation import stated, verdicts
from bench.training import store
from bench.training.equivalent_code import same_code
from bench.training.run import SCHEMA, TrainingRun
from impls import registry
from impls.errors import LenetError

MADE_UP_FOLDER = re.compile(r"made-up-\d+-images")


def findings(path: PurePosixPath, values: dict[str, Any], run: TrainingRun) -> Iterator[tuple[str, str]]:
    """What is wrong with a run, behind the key.

    Args:
        path: of its file, within the machine's folder.
        values: of the file.
        run: what `bench.training.store.checked` makes of them.
    """
    yield from _place(path, run)
    made_up = any(MADE_UP_FOLDER.fullmatch(part) for part in path.parts)
    yield from (("$.data_fingerprint", what) for what in stated.data(run.data_fingerprint, made_up))
    yield from (("$.versions", what) for what in stated.versions(run.backend, run.versions))
    yield from (("$.device_name", what) for what in stated.device(run.device_name))
    yield from (("$.commit", what) for what in stated.commit(run.commit))
    if values["schema"] == SCHEMA and run.spec is None:  # older ones did not record it
        yield "$.spec", "the version of the specification is not stated; train again"
    elif run.spec is not None and run.spec not in verdicts.RUNGS_OF:
        yield "$.spec", f"there is no version {run.spec} of the specification here; update the suite"
    if values["schema"] == SCHEMA and run.suite in (None, "unknown"):
        yield "$.suite", "the version of the suite is not stated; train again"
    if (digest := _digest(run.label)) and not same_code(run.code, digest, run.label, run.precision):
        yield "$.code", f"{run.code!r} is no code of {run.label} in this version of the suite ({digest}); train again"


def _place(path: PurePosixPath, run: TrainingRun) -> Iterator[tuple[str, str]]:
    """A run must lie where it would be looked for."""
    variant = store.file_name(run.label) + ("-twin" if run.twin else "")
    if path.name != f"seed-{run.seed}.json":
        yield "$.seed", f"is {run.seed}, and the file is named otherwise"
    if path.parts[-2:-1] != (variant,):
        yield "$.variant", f"the run is of {run.title}, whose folder is {variant}"
    if path.parts[-3:-2] != (store.file_name(run.recipe),):
        yield "$.recipe", f"is {run.recipe!r}, whose folder is {store.file_name(run.recipe)}"
    if run.precision != "fp32" and store.file_name(run.precision) not in path.parts:
        yield "$.precision", f"is {run.precision!r}, whose folder is {store.file_name(run.precision)}"


@cache
def _digest(label: str) -> str:
    """The digest of a built-in variant's code today; empty of anybody else's, which need not be here."""
    if label.partition(":")[0] not in registry.BUILT_IN:
        return ""
    try:
        return code_digest(registry.choices(label)[0].target.partition(":")[0])
    except LenetError:  # a variant that is no more
        return ""
