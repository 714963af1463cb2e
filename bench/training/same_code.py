"""Do a commit's code and the code as it is now train the same, bit for bit? ``python -m bench.training.same_code OLD``.

Both sides train every variant that has stored runs of the old code, each on a core of its own, with the same seed. What
agrees in all losses and in the parameters after every epoch enters the list (`bench.training.equivalent_code`).
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from bench.base import builds, launch
from bench.base.code_digest import code_digest
from bench.base.machine import cpu_name, versions
from bench.training import equivalent_code, store
from bench.training.equivalent_code import Equivalence
from impls import registry
from impls.errors import LenetError

ROOT = Path(__file__).resolve().parents[2]
TRAINS = Path(__file__).with_name("trained_digest.py")
DIGEST = Path(__file__).with_name("digest_in_folder.py")
SEED, EPOCHS = 0, 10


def stored_variants(results: Path) -> list[tuple[str, str]]:
    """(label, precision) of every run on a CPU that is stored for the project, each once."""
    # A folder deeper are the lecture's runs.
    runs = [run for folder in (results, results / "lecture") for _, run in store.read_all(folder)]
    found = {(run.label, run.precision) for run in runs if run.device == "cpu"}
    return sorted(found, key=lambda each: (each[1] != "fp32", each))  # the fastest first


def digest_in(folder: Path, module: str) -> str:
    """The digest of a module's code as it stands in a folder, by today's rules."""
    command = launch.script(DIGEST, str(folder), module)
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise LenetError(f"The digest of {module} in {folder} cannot be computed: {done.stderr.strip()[-300:]}")
    return done.stdout.strip()


def trained(folders: Sequence[Path], label: str, precision: str, options: Sequence[str]) -> list[dict[str, str]]:
    """What `bench.training.trained_digest` prints of each folder's code, all trained at the same time."""
    processes = []
    for number, folder in enumerate(folders):
        env = {**os.environ, **{f"{each}_NUM_THREADS": "1" for each in ("OMP", "OPENBLAS", "MKL")}}
        env["TORCHINDUCTOR_CACHE_DIR"] = str(folder / "inductor")
        command = launch.script(TRAINS, str(folder), label, precision, *options)
        processes.append(subprocess.Popen(command, stdout=subprocess.PIPE, env=env, text=True))
        if hasattr(os, "sched_setaffinity"):
            cores = sorted(os.sched_getaffinity(0))
            os.sched_setaffinity(processes[-1].pid, {cores[number % len(cores)]})
    outputs = [process.communicate()[0] for process in processes]
    if any(process.returncode for process in processes):
        raise LenetError(f"{label} in {precision} could not be trained; see above.")
    return [json.loads(output) for output in outputs]


def compared(
    old: Path, commit: str, label: str, precision: str, *, seed: int, epochs: int, root: str, synthetic: int
) -> Equivalence | None:
    """Train one variant on both sides; None where its code did not change.

    Raises:
        LenetError: the two differ, or one could not be trained.
    """
    [choice] = registry.choices(label)
    module = choice.target.partition(":")[0]
    before, now = digest_in(old, module), code_digest(module)
    if before == now:
        return None
    options = (str(seed), str(epochs), root, str(synthetic))
    then, after = trained([old, ROOT], label, precision, options)
    for folder, side in ((old, then), (ROOT, after)):
        if not Path(side["folder"]).resolve().is_relative_to(folder.resolve()):
            raise LenetError(f"{label} was trained by the code in {side['folder']} and not by that in {folder}.")
    if then["result"] != after["result"] or then["fingerprint"] != after["fingerprint"]:
        raise LenetError(f"{label} in {precision} does not train the same: the code of {commit[:10]} differs.")
    return Equivalence(
        module=module,
        label=label,
        precision=precision,
        old=before,
        new=now,
        old_commit=commit,
        date=datetime.now(UTC).isoformat(timespec="seconds"),
        machine=f"{cpu_name()}, 1 core each",
        seed=seed,
        epochs=epochs,
        data_fingerprint=then["fingerprint"],
        versions=versions(("torch", "torchvision", "jax", "jaxlib", "flax", "optax")),
        old_result=then["result"],
        new_result=after["result"],
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """The command; 1 where a variant differs."""
    parser = argparse.ArgumentParser(prog="python -m bench.training.same_code", description=__doc__)
    parser.add_argument("commit", help="the old code")
    parser.add_argument("--backend", action="append", metavar="LABEL:PRECISION", help="default: all with stored runs")
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--epochs", type=int, default=EPOCHS)
    parser.add_argument("--root", default="", help="where CIFAR-10 is kept")
    parser.add_argument("--synthetic", type=int, default=0, help="made-up images, to try it; nothing is written then")
    asked = parser.parse_args(arguments)
    wanted = [(label, precision) for each in asked.backend or [] for label, _, precision in [each.rpartition(":")]]
    failed = False
    with tempfile.TemporaryDirectory(prefix="same-code-") as name:
        commit = builds.extracted(asked.commit, Path(name))
        for label, precision in wanted or stored_variants(ROOT / "results"):
            about = {"seed": asked.seed, "epochs": asked.epochs, "root": asked.root, "synthetic": asked.synthetic}
            try:
                found = compared(Path(name), commit, label, precision, **about)
            except LenetError as error:
                failed = True
                print(error, flush=True)
                continue
            if found is None:
                print(f"{label} in {precision}: its code did not change.", flush=True)
                continue
            if not asked.synthetic:
                equivalent_code.add(equivalent_code.LIST, [found])
            print(f"{label} in {precision}: equal over {asked.epochs} epochs.", flush=True)
    return int(failed)


if __name__ == "__main__":
    try:
        sys.exit(main())
    except LenetError as error:
        print(error, file=sys.stderr)
        sys.exit(2)
