"""A folder of results whose every name and message holds characters that Markdown, HTML and rich take for theirs."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

from bench.base.settings import Settings
from bench.lecture.evidence import STUDY
from bench.lecture.folder import Elsewhere, VariantFolder, folder_of
from bench.training import store as stored_runs
from impls.spec import LECTURE
from made_up_evidence import RISING, run, shifted
from made_up_results import RUNG, content, row
from made_up_runs import made
from stored_lecture_runs import keep

MACHINE = "a|b <script>x<(script)> [red](y) `z` *w* 100%"
"""As a folder that somebody made by hand; `--machine` takes no such name."""
DEVICE = "Abacus | <script>alert(1)</script> [red]2[/red] `cores` __x__ &lt; #"
LABEL = "m|n.<b>o</b>:Class:`v` | [red]*fast*[/red]\n_x_"
SHOWN = "m|n.<b>o</b>:Class:`v` | [red]*fast*[/red] _x_"
"""`LABEL` in one line."""
MESSAGE = "fell over | <img src=x onerror=alert(1)> [bold red]now[/] `code` **x** <!-- lenet-parity:results end -->"
VARIANTS = ("pytorch:eager", f"pytorch:{SHOWN}", "flax:jit | <b>[red]")


def write_strange_results(settings: Settings) -> Path:
    """Write the folder: a benchmark's results, accuracies over seeds, the lecture's runs and its study."""
    settings = replace(settings, machine=MACHINE, synthetic=0)
    results = settings.results
    backend, _, variant = LABEL.partition(":Class:")
    own = {"device_name": DEVICE, "backend": f"{backend}:Class", "variant": variant, "data_fingerprint": MESSAGE}
    own |= {"environment": {"XLA_FLAGS": MESSAGE}}
    own |= {"versions": {"python": "3.11.7", "a|b": MESSAGE}, "verdict": "different", "first_failed_rung": "loss|x"}
    theirs = {"device_name": DEVICE, "data_fingerprint": MESSAGE}
    failed = RUNG | {"status": "failed", "where": MESSAGE, "detail": MESSAGE}
    reported = RUNG | {"name": "determinism", "status": "reported", "detail": MESSAGE}
    rungs = [failed, reported]
    rows = [
        row("agreement", rungs=rungs, **theirs),
        row("epoch", **theirs),
        row("training", **theirs),
        row("overhead", **theirs),
        row("agreement", **own | {"rungs": rungs}),
        row("epoch", warnings=[MESSAGE, "# a heading", "- an item"], **own),
        row("first epoch", **own),
        row("evaluation", **own),
        row("training", **own),
    ]
    lost = [{"name": f"test_epoch[{LABEL}]", "outcome": "failed", "reason": MESSAGE}]
    values = content(*rows, lost=lost, commit_info={"id": "<b>|`[red", "dirty": True}, datetime="2026-01-01 | <b>")
    values["run"]["warnings"] = [MESSAGE]
    path = results / MACHINE / "2026-01-01 a|b.json"
    path.parent.mkdir(parents=True)
    path.write_text(json.dumps(values))
    about = {"device_name": DEVICE, "commit": "<b>|`[red", "data_fingerprint": MESSAGE}
    for seed in (0, 1):
        for label in (*VARIANTS, LABEL):
            stored_runs.save(settings, made(label, seed, **about, recipe="lecture | <b>[:2]"))
        stored_runs.save(settings, made(VARIANTS[0], seed, twin=True, **about, recipe="lecture | <b>[:2]"))
    stored_runs.save(settings, made(VARIANTS[1], 2, **about | {"code": "other"}, recipe="lecture | <b>[:2]"))
    lecture = [run(RISING, label=VARIANTS[0], **about | {"data_fingerprint": "cifar10-x"})]
    lecture += [run(shifted(0.001), label=label, **about | {"data_fingerprint": "cifar10-x"}) for label in VARIANTS[1:]]
    keep(settings, *lecture)
    folder = folder_of(settings, LECTURE)
    for name in ("curves", "conv1", "conv2"):
        (folder / f"{name}.svg").touch()
    VariantFolder(folder, VARIANTS[0]).save_elsewhere(Elsewhere(MESSAGE, "x", 2000, 0.375))
    step = {
        "name": "a|b",
        "change": MESSAGE,
        "parameters": 10,
        "epochs": 1,
        "accuracy_per_epoch": [0.7],
        "passed_at": 1,
    }
    study = {"schema": 1, "device_name": DEVICE, "seed": 0, "commit": "<b>|`", "steps": [step]}
    (results / "lecture" / MACHINE / STUDY).write_text(json.dumps(study))
    return path
