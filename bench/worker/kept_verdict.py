"""The verdict of a baseline that a run does not measure, kept from an earlier run of the same code.

Timed epochs are compared with a baseline that the ladder found equivalent. Where it is not among the run's variants,
its check is no figure of the run, and need not be repeated while nothing has changed that it depends on.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from pathlib import Path

from bench.base import files
from bench.base.code_digest import harness_digest
from bench.base.environment import recorded
from bench.base.machine import versions
from bench.base.settings import Settings
from bench.parity.verdict import EQUIVALENT
from bench.worker.agreement import Agreements
from impls import registry
from impls.data import data_root
from impls.data.private_folder import own_folder
from impls.errors import DataError, LenetError
from impls.registry import Choice
from impls.spec.version import SPEC_VERSION

KEPT = 50
"""Verdicts that are kept, the newest."""


def ensure_equivalent(choice: Choice, agreements: Agreements) -> None:
    """Check a baseline, unless this run has, or an earlier run of the same code under the same conditions.

    Raises:
        LenetError: it is not equivalent, or could not be checked.
    """
    ours = choice.backend in registry.BUILT_IN  # the digest is of our code alone
    path = _path(choice, agreements) if ours and agreements.verdict(choice.label) is None else None
    if path and path.exists():
        return
    agreement = agreements.of(choice)
    if agreement.verdict != EQUIVALENT:
        raise LenetError(
            f"{choice.label} is {agreement.verdict} on the ladder of this run"
            f" ({agreement.first_failed_rung}), so there is nothing to compare with."
        )
    if path:
        with contextlib.suppress(OSError):  # a folder that cannot be written costs a check and not the run
            files.write(path, json.dumps(conditions(choice, agreements.settings), indent=1) + "\n")
            _forget_older(path.parent)


def conditions(choice: Choice, settings: Settings) -> dict[str, object]:
    """All that the verdict of a baseline of ours depends on, in plain values."""
    return {
        "baseline": choice.label,
        "spec": SPEC_VERSION,
        "code": harness_digest(),
        "versions": versions(("torch",)),
        "device": settings.device_name,
        "precision": settings.precision,
        "threads": settings.threads,
        "seed": settings.seed,
        "synthetic": settings.synthetic,
        "recipe": [settings.recipe.batch_size, settings.recipe.lr(0)],
        "environment": recorded(os.environ),
    }


def _path(choice: Choice, agreements: Agreements) -> Path | None:
    """The file that is there if the baseline was found equivalent under these conditions; None where none is kept."""
    settings = agreements.settings
    try:
        folder = own_folder(data_root(settings.root), "verdicts")
    except DataError:
        return None
    data = agreements.expected.fingerprint
    text = json.dumps([conditions(choice, settings), data], sort_keys=True)
    return folder / f"{hashlib.sha256(text.encode()).hexdigest()[:16]}.json"


def _forget_older(folder: Path) -> None:
    by_age = sorted(folder.glob("*.json"), key=lambda file: file.stat().st_mtime, reverse=True)
    for old in by_age[KEPT:]:
        old.unlink(missing_ok=True)
