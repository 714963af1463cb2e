"""Rung 2: canonical parameters come back bit for bit."""

from __future__ import annotations

import numpy as np

from bench.parity.rungs.base import Climb, Kind
from bench.parity.verdict import Measured


def compare(climb: Climb) -> list[Measured]:
    """Elements of each parameter that changed between loading and exporting."""
    params = climb.expected.params
    climb.backend.load_params(params)
    exported = climb.backend.export_params()
    results = []
    for name, true in params.items():
        differ = exported[name].view(np.uint32) != true.view(np.uint32)  # bits: NaN and -0 count
        index = [int(i) for i in np.unravel_index(int(differ.argmax()), differ.shape)]
        detail = f"{exported[name][tuple(index)]:.9g} came back for {true[tuple(index)]:.9g}" if differ.any() else ""
        place = {"parameter": name, "index": index}
        evidence = (exported[name], true) if differ.any() else None
        results.append(Measured(float(differ.sum()), 0, f"elements of {name}", place, detail, evidence))
    return results


def causes(climb: Climb, failed: Measured) -> list[str]:
    """A cast, or a conversion that moves elements."""
    assert failed.evidence is not None
    found, true = failed.evidence
    if np.array_equal(np.sort(found, axis=None), np.sort(true, axis=None)):
        return ["the elements are right but in other places: load_params and export_params are not inverse layouts"]
    if np.abs(found - true).max() < 1e-2 * np.abs(true).max():
        return ["the values are close but not equal: a cast to fewer bits on the way in or out"]
    return ["export_params does not return what load_params was given"]


RUNG = Kind("round trip", "canonical parameters come back bit for bit", compare, "exact", causes)
