"""Part of rung 8, for backends that train several seeds at once: each replica is trained as if it were alone.

Each begins with parameters and an order of its own and is held against the oracle's training from these, so that
nothing of one can pass for another's. Training goes over two calls, and a third at rate 0 shows that the parameters
handed out are those that were trained.
"""

from __future__ import annotations

import numpy as np

from bench.guard.many import GuardedMany
from bench.parity.replicas import Beginning
from bench.parity.rungs.base import Advice, Climb
from bench.parity.verdict import Measured
from impls.reference import network
from impls.spec import Params

LOADED, TRAINED, FIXED, CLASSES = (f"at once, {what}" for what in ("loading", "training", "rate 0", "classes"))
"""The cases of this part."""


def compare(climb: Climb) -> list[Measured]:
    """Every replica's losses, parameters and classes; nothing where the backend offers no such thing."""
    many, beginnings = climb.backend.many(), climb.expected.replicas
    if many is None or not beginnings[0].order.size:
        return []
    guarded = GuardedMany(many, climb.backend.entering)
    orders, lr = np.stack([each.order for each in beginnings]), climb.expected.lr
    first, second = np.split(orders, 2, axis=1)

    starts = [each.params for each in beginnings]
    guarded.load_many(starts)
    results = _unchanged(LOADED, "that loading and exporting changed", starts, guarded.export_many())
    losses = np.hstack([guarded.train_many(climb.train, part, lr) for part in (first, second)])
    results += _training(beginnings, losses)

    trained = guarded.export_many()
    at_zero = guarded.train_many(climb.train, first, 0.0)
    results += _at_rate_zero(climb, trained, first, at_zero)
    results += _unchanged(FIXED, "that moved at rate 0", trained, guarded.export_many())
    classes = guarded.predict_many(climb.short_test, climb.expected.short_test)
    return results + _classes(climb, trained, classes)


def _unchanged(case: str, what: str, before: list[Params], after: list[Params]) -> list[Measured]:
    """How many parameters of each replica differ."""
    counts = [sum(int((a[name] != b[name]).sum()) for name in a) for a, b in zip(before, after, strict=True)]
    return [
        Measured(float(count), 0, f"parameters of replica {r} of {len(counts)} {what}", {"case": case, "replica": r})
        for r, count in enumerate(counts, start=1)
    ]


def _training(beginnings: list[Beginning], losses: np.ndarray) -> list[Measured]:
    """Each step's loss, step by step and of all replicas, as they are computed."""
    true, tolerance = _stacked(beginnings)
    return [
        Measured(
            float(abs(losses[r, k] / true[r, k] - 1)),
            float(tolerance[r, k]),
            f"the loss of step {k + 1} of replica {r + 1} of {len(true)} trained at once",
            {"case": TRAINED, "step": k + 1, "replica": r + 1},
            f"{losses[r, k]:.7g} where the oracle has {true[r, k]:.7g}",
            (losses, true),
        )
        for k in range(true.shape[1])
        for r in range(len(true))
    ]


def _stacked(beginnings: list[Beginning]) -> tuple[np.ndarray, np.ndarray]:
    """Losses and tolerances (replicas, steps)."""
    return np.stack([each.losses for each in beginnings]), np.stack([each.tolerance for each in beginnings])


def _at_rate_zero(climb: Climb, params: list[Params], orders: np.ndarray, losses: np.ndarray) -> list[Measured]:
    """Each replica's losses on batches of its own, under the parameters that it exported."""
    results = []
    for r, (own, order) in enumerate(zip(params, orders, strict=True)):
        true = np.array([_loss(climb, own, indices) for indices in order])
        k = int(np.argmax(np.abs(losses[r] / true - 1)))
        what = f"the loss of batch {k + 1} under the trained parameters of replica {r + 1} of {len(params)}"
        detail = f"{losses[r, k]:.7g} where the oracle has {true[k]:.7g}"
        place = {"case": FIXED, "step": k + 1, "replica": r + 1}
        off, allowed = float(abs(losses[r, k] / true[k] - 1)), climb.expected.cases[0].tolerance["loss"]
        results.append(Measured(off, allowed, what, place, detail))
    return results


def _loss(climb: Climb, params: Params, indices: np.ndarray) -> float:
    images, labels = climb.backend.read_batch(climb.train, indices)
    return network.loss(network.forward(network.as_float64(params), images)[0], labels)


def _classes(climb: Climb, params: list[Params], classes: np.ndarray) -> list[Measured]:
    """How many classes are less probable than the most probable one by more than rounding explains."""
    images, _ = climb.backend.read_batch(climb.test, np.arange(climb.expected.short_test))
    results = []
    for r, own in enumerate(params):
        log_probs, _ = network.forward(network.as_float64(own), images)
        allowed = 2 * climb.expected.cases[0].tolerance["log_probs"] * float(np.abs(log_probs).max())
        wrong = log_probs.max(axis=1) - log_probs[np.arange(len(images)), classes[r]] > allowed
        what = f"classes that replica {r + 1} of {len(params)} gives to the test split's first {len(images)}"
        detail = f"{int(wrong.sum()):,} of {len(images):,} are wrong"
        results.append(Measured(float(wrong.sum()), 0, what, {"case": CLASSES, "replica": r + 1}, detail))
    return results


def causes(climb: Climb, failed: Measured) -> list[str]:
    """Replicas that are taken for one another, or that share what each must have of its own."""
    case, r = failed.place["case"], failed.place["replica"] - 1
    if case == LOADED:
        return ["load_many and export_many: replicas in another order, or converted otherwise than by load_params"]
    if case == FIXED:
        return [
            "the parameters that export_many gives out are not those that train_many has come to, or at rate 0 moves"
        ]
    if case == CLASSES:
        return ["predict_many classifies with parameters of another replica, or from before the training"]
    assert failed.evidence is not None
    k, (found, true) = failed.place["step"] - 1, failed.evidence
    near = np.flatnonzero(np.abs(true[:, k] / found[r, k] - 1) <= failed.tolerance)
    if len(near):
        return [f"this is the loss of replica {near[0] + 1}: the replicas are mixed up"]
    beginnings = climb.expected.replicas
    if k == 0:
        own = beginnings[r]
        for other, its in enumerate(beginnings):
            if abs(_loss(climb, own.params, its.order[0]) / found[r, 0] - 1) <= failed.tolerance:
                return [f"it was trained on the batch of replica {other + 1}: one order for all"]
            if abs(_loss(climb, its.params, own.order[0]) / found[r, 0] - 1) <= failed.tolerance:
                return [f"it began with the parameters of replica {other + 1}: one start for all"]
        if abs(true[r, 0] / len(true) / found[r, 0] - 1) <= failed.tolerance:
            return [f"the loss is divided by {len(true)}, the number of replicas: its mean is over its own images"]
        if abs(float(true[:, 0].mean()) / found[r, 0] - 1) <= failed.tolerance:
            return ["this is the mean of all replicas' losses: each has its own"]
        return [Advice("the first step's loss is no replica's: look at what its mean is taken over")]
    if k >= len(beginnings[0].order) // 2:
        return ["the first call agrees and the second does not: parameters, moments or step count that are not kept"]
    return [
        "the step is right for one alone, so replicas share what each must have of its own: a gradient summed or "
        "averaged over them, moments, or a step count that goes up once for each"
    ]
