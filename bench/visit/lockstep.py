"""Time epochs of several seeds trained together: the more seeds, the fuller a GPU.

Run as ``python -m bench.visit.lockstep FILE LABEL... [options]``. FILE is written after each number of
seeds; what it already holds is not measured again.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

import numpy as np

from bench.base import files
from bench.base.settings import Settings
from bench.base.signals import ends_by_signal
from bench.worker.process import WorkerError
from bench.worker.variant import Subject
from impls import registry
from impls.spec import epoch_order, initial_params

REPLICAS = (1, 4, 16, 64, 256)
"""The numbers of seeds that are trained together."""

EPOCHS = 3
"""Timed epochs for each number of seeds, after a first one that compiles."""

LONGEST_EPOCH = 15.0
"""Seconds. More seeds are not tried if their epoch would take longer: by then the time per seed no longer falls."""

Found = dict[str, dict[str, Any]]
"""By the variant's label: its seconds by number of seeds, or the reason why there are none."""


def measure(settings: Settings, path: Path) -> Found:
    """Time every variant with every number of seeds that ``path`` does not hold yet.

    Returns:
        For each variant ``{"1": {"first_epoch_seconds": s, "epoch_seconds": [s, s, s]}, ...}``: seconds of an epoch of
        all seeds together. ``"reason"`` says why nothing, or no larger number of seeds, was measured.
    """
    found: Found = json.loads(path.read_text())["variants"] if path.exists() else {}
    for choice in settings.choices:
        own = found.setdefault(choice.label, {})
        missing = [replicas for replicas in REPLICAS if str(replicas) not in own]
        if not missing or "reason" in own:
            continue
        try:
            with Subject(choice, settings, settings.recipe) as subject:
                if not subject.info["many"]:
                    own["reason"] = "it does not train several seeds at once"
                    missing = []
                for replicas in missing:
                    if reason := _too_long(own, replicas):
                        own["reason"] = reason
                        break
                    own[str(replicas)] = _timed(subject, replicas)
                    _write(path, settings, found)
        except WorkerError as error:  # usually out of memory
            own["reason"] = str(error)
        _write(path, settings, found)
    return found


def _too_long(own: dict[str, Any], replicas: int) -> str | None:
    """Why so many seeds are not tried: their epoch, predicted from the last number of seeds, would take too long."""
    known = [each for each in REPLICAS if each < replicas and str(each) in own]
    if not known:
        return None
    last = min(own[str(known[-1])]["epoch_seconds"])
    if last * replicas / known[-1] <= LONGEST_EPOCH:
        return None
    return f"an epoch of {known[-1]} seeds took {last:.3g} s; one of {replicas} would take over {LONGEST_EPOCH:g} s"


def _timed(subject: Subject, replicas: int) -> dict[str, Any]:
    """Time epochs of so many seeds together, always from the same initial parameters."""
    settings, recipe = subject.settings, subject.recipe
    subject.worker.call("load_many", [initial_params(seed, recipe.initial) for seed in range(replicas)])
    seconds = []
    for epoch in range(1 + EPOCHS):
        orders = [epoch_order(seed, epoch, settings.train_size, recipe.batch_size) for seed in range(replicas)]
        seconds.append(float(subject.worker.call("train_many", np.stack(orders), recipe.lr(epoch))[0]))
    return {"first_epoch_seconds": seconds[0], "epoch_seconds": seconds[1:]}


def _write(path: Path, settings: Settings, found: Found) -> None:
    about = {
        "schema": 1,
        "device_name": settings.device_name,
        "precision": settings.precision,
        "threads": settings.threads,
        "made_up_images": settings.synthetic,
    }
    files.write(path, json.dumps(about | {"variants": found}, indent=1) + "\n")


def main() -> None:
    """Parse the options and measure."""
    parser = argparse.ArgumentParser()
    parser.add_argument("path", type=Path)
    parser.add_argument("labels", nargs="+")
    for name, kind in (("device", str), ("precision", str), ("machine", str), ("root", str), ("threads", int)):
        parser.add_argument(f"--{name}", type=kind)
    parser.add_argument("--results", type=Path, default=Path("results"))
    parser.add_argument("--timeout", type=float, default=300.0)
    parser.add_argument("--memory", type=float)
    parser.add_argument("--synthetic", type=int, default=0)
    options = vars(parser.parse_args())
    path, labels = options.pop("path"), options.pop("labels")
    measure(Settings.checked([registry.choices(label)[0] for label in labels], **options), path)


if __name__ == "__main__":
    with ends_by_signal():
        main()
