"""What is kept of the lecture's runs, and where.

``<results>/lecture/<machine>/<recipe>/seed-<n>/`` holds the figures, ``curves.csv`` and ``initial.safetensors``, and a
folder for each variant: ``run.json`` (a `bench.training.run.TrainingRun`: its curves and all that identifies it),
``final.safetensors``, and ``checkpoint.safetensors`` instead of that while the run has not come to its end.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from bench.base import files
from bench.base.settings import Settings
from bench.training import store
from bench.training.loop import Checkpoint
from bench.training.run import TrainingRun
from impls.contract import AdamState
from impls.errors import LenetError
from impls.spec import PARAMETER_SHAPES, Params, Recipe

FOLDER = "lecture"
"""Within the folder of all results."""

FIRST, SECOND = "adam.first.", "adam.second."
"""What the moments' names begin with in a checkpoint."""


def folder_of(settings: Settings, recipe: Recipe) -> Path:
    """Where the runs by a recipe from the settings' seed are kept."""
    base = settings.results / FOLDER / settings.machine
    return store.recipe_folder(base, settings, settings.precision, recipe.name) / f"seed-{settings.seed}"


@dataclass(frozen=True)
class Elsewhere:
    """Accuracy on another test set than CIFAR-10's own.

    Attributes:
        name: of that set.
        fingerprint: of its content.
        images: how many it has.
        accuracy: a fraction of them.
    """

    name: str
    fingerprint: str
    images: int
    accuracy: float


class VariantFolder:
    """One variant's part of such a folder.

    Args:
        folder: as `folder_of` gives it.
        label: of the variant.
    """

    def __init__(self, folder: Path, label: str) -> None:
        self.label, self.path = label, folder / store.file_name(label)
        self.run_path = self.path / "run.json"
        self.final_path = self.path / "final.safetensors"
        self.checkpoint_path = self.path / "checkpoint.safetensors"
        self.elsewhere_path = self.path / "cifar10.1.json"

    def run(self) -> TrainingRun | None:
        """The run that is stored, of however many epochs; None where there is none that can be read."""
        return store.read(self.run_path) if self.run_path.exists() else None

    def checkpoint(self) -> Checkpoint | None:
        """Where a run that has not come to its end stands; None where there is none.

        Raises:
            LenetError: its file is not whole.
        """
        if not self.checkpoint_path.exists():
            return None
        tensors, metadata = read_tensors(self.checkpoint_path)
        try:
            run = store.checked(json.loads(metadata["run"]))
            params, optimizer = {name: tensors[name] for name in PARAMETER_SHAPES}, None
            if "adam.steps" in metadata:
                moments = [{n: tensors[prefix + n] for n in PARAMETER_SHAPES} for prefix in (FIRST, SECOND)]
                optimizer = AdamState(int(metadata["adam.steps"]), *moments)
        except (KeyError, ValueError) as error:
            raise LenetError(
                f"{self.checkpoint_path} is no checkpoint of this version ({error}); delete it."
            ) from error
        return Checkpoint(run, params, optimizer)

    def save_checkpoint(self, checkpoint: Checkpoint) -> None:
        """Store where a run stands; the file is whole or as it was."""
        tensors, metadata = dict(checkpoint.params), {"run": json.dumps(checkpoint.run.as_dict())}
        if state := checkpoint.optimizer:
            tensors |= {FIRST + name: value for name, value in state.first.items()}
            tensors |= {SECOND + name: value for name, value in state.second.items()}
            metadata["adam.steps"] = str(state.steps)
        write_tensors(self.checkpoint_path, tensors, metadata)

    def save_unfinished(self, run: TrainingRun) -> None:
        """Store the curves of a run that has not come to its end; what an older one ended with is no part of it."""
        self.elsewhere_path.unlink(missing_ok=True)
        self.final_path.unlink(missing_ok=True)
        files.write(self.run_path, _json(run.as_dict()))

    def finish(self, checkpoint: Checkpoint) -> None:
        """Store a run that has come to its end, in the place of its checkpoint."""
        run = checkpoint.run
        what = {"label": run.label, "recipe": run.recipe, "seed": str(run.seed), "epochs": str(len(run.losses))}
        self.elsewhere_path.unlink(missing_ok=True)
        write_tensors(self.final_path, checkpoint.params, what)
        files.write(self.run_path, _json(run.as_dict()))
        self.checkpoint_path.unlink(missing_ok=True)

    def save_elsewhere(self, found: Elsewhere) -> None:
        """Store how the final parameters do on another test set."""
        files.write(self.elsewhere_path, _json(asdict(found)))

    def elsewhere(self) -> Elsewhere | None:
        """How the final parameters do on another test set; None where nobody has looked."""
        if not self.elsewhere_path.exists():
            return None
        try:
            return Elsewhere(**json.loads(self.elsewhere_path.read_text()))
        except (OSError, ValueError, TypeError) as error:
            raise LenetError(f"{self.elsewhere_path} cannot be read ({error}); delete it.") from error

    def final_params(self) -> Params | None:
        """Of the run that has come to its end; None where there is none.

        Raises:
            LenetError: their file is not whole.
        """
        return read_params(self.final_path) if self.final_path.exists() else None


def _json(values: dict[str, Any]) -> str:
    return json.dumps(values, indent=1) + "\n"


def save_initial(folder: Path, params: Params) -> None:
    """Store what all variants started from."""
    write_tensors(folder / "initial.safetensors", params, {})


def initial_params_in(folder: Path) -> Params | None:
    """What all variants started from; None where it is not stored.

    Raises:
        LenetError: its file is not whole.
    """
    path = folder / "initial.safetensors"
    return read_params(path) if path.exists() else None


def save_curves(folder: Path, runs: Sequence[TrainingRun], recipe: Recipe) -> None:
    """Store the curves of all variants as one CSV file, a row per variant and epoch; seconds, fractions, nats."""
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    columns = [
        "variant",
        "seed",
        "epoch",
        "learning_rate",
        "loss",
        "test_accuracy",
        "train_seconds",
        "test_seconds",
        "test_loss",
    ]
    table.writerow(columns)
    for run in runs:
        test_losses: list[Any] = list(run.test_losses) or [""] * len(run.losses)
        figures = zip(run.losses, run.accuracy_per_epoch, run.epoch_seconds, run.eval_seconds, test_losses, strict=True)
        for epoch, row in enumerate(figures):
            table.writerow([run.label, run.seed, epoch + 1, recipe.lr(epoch), *row])
    files.write(folder / "curves.csv", text.getvalue())


def read_params(path: Path) -> Params:
    """Canonical parameters from a file.

    Raises:
        LenetError: it is not whole.
    """
    tensors, _ = read_tensors(path)
    if {name: value.shape for name, value in tensors.items()} != dict(PARAMETER_SHAPES):
        raise LenetError(f"{path} does not hold LeNet's parameters; delete it and train anew with --again.")
    return {name: tensors[name] for name in PARAMETER_SHAPES}


def write_tensors(path: Path, tensors: dict[str, np.ndarray], metadata: dict[str, str]) -> None:
    """Store arrays in the safetensors format, whole or not at all."""
    from safetensors.numpy import save

    files.write(path, save({name: np.ascontiguousarray(v) for name, v in tensors.items()}, metadata=metadata))


def read_tensors(path: Path) -> tuple[dict[str, np.ndarray], dict[str, str]]:
    """Arrays and metadata of a safetensors file.

    Raises:
        LenetError: it is not whole.
    """
    from safetensors import SafetensorError, safe_open

    try:
        with safe_open(path, framework="numpy") as file:
            names = file.keys()
            return {name: file.get_tensor(name) for name in names}, file.metadata() or {}
    except (OSError, SafetensorError) as error:
        raise LenetError(f"{path} cannot be read ({error}); delete it and train anew with --again.") from error
