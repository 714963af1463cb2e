"""How far did training move the weights of each layer, and how far apart are two frameworks' afterwards?"""

from __future__ import annotations

from dataclasses import dataclass
from statistics import fmean

import numpy as np

from bench.lecture.claims.weights import LAYERS
from bench.lecture.evidence import Evidence
from bench.lecture.folder import VariantFolder, initial_params_in
from impls.spec import LECTURE


@dataclass(frozen=True)
class Layer:
    """The weights of one layer, all norms Euclidean and relative to that of the initial weights.

    Attributes:
        name: of the layer.
        moved: by framework, the norm of the change by training, the mean over seeds.
        apart: the norm of the difference between PyTorch's and Flax's after training from the same initial parameters;
            None where either is not stored.
    """

    name: str
    moved: dict[str, float]
    apart: float | None


def layers(evidence: Evidence) -> list[Layer]:
    """Every layer, in order; empty where no run recorded by how much it moved them."""
    moved = {
        framework: {layer: fmean(run.weight_change[f"{layer}.weight"] for run in recorded) for layer in LAYERS}
        for framework, runs in evidence.by_framework(LECTURE.name).items()
        if (recorded := [run for run in runs if run.weight_change])
    }
    apart = _apart(evidence)
    found = [Layer(name, {framework: by[name] for framework, by in moved.items()}, apart.get(name)) for name in LAYERS]
    return found if moved else []


def _apart(evidence: Evidence) -> dict[str, float]:
    """By layer, of the first folder of runs by the lecture's recipe that has both frameworks."""
    own = [each for each in evidence.lecture if each.run.recipe == LECTURE.name]
    for folder in dict.fromkeys(each.folder for each in own):
        labels = {each.run.backend: each.run.label for each in own if each.folder == folder}
        after = {backend: VariantFolder(folder, label).final_params() for backend, label in labels.items()}
        start, one, other = initial_params_in(folder), after.get("pytorch"), after.get("flax")
        if start and one and other:
            names = {layer: f"{layer}.weight" for layer in LAYERS}
            return {k: _norm(one[n].astype(float) - other[n]) / _norm(start[n]) for k, n in names.items()}
    return {}


def _norm(values: np.ndarray) -> float:
    return float(np.linalg.norm(values.astype(np.float64)))
