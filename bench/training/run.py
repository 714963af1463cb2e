"""A training run: what it is a run of, and what came of it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

SCHEMA = 6
"""Version of the names and meanings of `TrainingRun`; `bench.training.store` says which can be read."""


def data_set_of(fingerprint: str) -> str:
    """The name of the data set that a fingerprint begins with: "cifar10", or "synthetic" for made-up images."""
    return fingerprint.rpartition("-")[0] or fingerprint


@dataclass(frozen=True, kw_only=True)
class Experiment:
    """What a run is a run of: where all of this is equal, training again would only repeat it.

    How many threads a run had, and how many others were trained beside it, is not part of it. Both change in which
    order sums are taken, and so the last bits of a run; what becomes of such a difference the twin shows, and it is no
    other answer to the question how accurate the variant is.

    Fields are named and meant as in `bench.results.row.common`; beside these:

    Attributes:
        data_set: name of the data set, `data_set_of` its fingerprint.
        channels: of an image, 3 or 1.
        twin: whether it started from `bench.training.starts.twin_params` and not from the canonical initial parameters.
        code: digest of the backend's code, `bench.base.code_digest`.
    """

    schema: int
    backend: str
    variant: str
    twin: bool
    device: str
    device_name: str
    precision: str
    recipe: str
    batch_size: int
    seed: int
    data_set: str
    channels: int
    data_fingerprint: str
    versions: dict[str, str]
    code: str

    @property
    def label(self) -> str:
        """``backend:variant``."""
        return f"{self.backend}:{self.variant}"

    @property
    def made_up(self) -> bool:
        """Whether it is of made-up images and not of CIFAR-10."""
        return self.data_fingerprint.startswith("synthetic")

    @property
    def title(self) -> str:
        """The label, and whether it is the twin."""
        return f"{self.label} twin" if self.twin else self.label


@dataclass(frozen=True, kw_only=True)
class TrainingRun(Experiment):
    """An experiment and what came of it, in plain JSON's types.

    Attributes:
        spec: version of the specification at that time, `impls.spec.version`; None where it was not recorded.
        suite: version of lenet-parity that trained it; None where it was not recorded.
        threads: cores that the run had.
        concurrent: how many runs were under way at the same time, this one included: on a CPU side by side, each on
            cores of its own, on an accelerator in lockstep. Seconds of runs that differ in this are not comparable.
        environment: environment variables of the worker that change arithmetic or speed, by name,
            `bench.base.environment`; None where they were not recorded.
        commit: abbreviated id, with "+changes" where the code was not clean; "unknown" outside a repository.
        date: when it ended, ISO 8601, UTC.
        resumed_after: epochs after which the run was stopped, and gone on with in a new process.
        losses: mean loss of every epoch.
        first_epoch_losses: the loss of each step of the first epoch, before that step.
        accuracy_per_epoch: on the test split after every epoch, fractions.
        epoch_seconds: of training, of every epoch; the first includes compilation, and so does one in a new process. In
            lockstep, of all runs together.
        eval_seconds: of classifying the test split, after every epoch.
        total_seconds: of all of these.
        test_losses: mean negative log-likelihood of the test split after every epoch, in nats; empty where it was not
            recorded after each of them.
        moved: how many elements of the parameters every epoch changed; empty likewise.
        confusion: images of the test split after the last epoch, by true class (rows) and predicted class; empty where
            it was not recorded.
        weight_change: by how much training moved each parameter: the Euclidean norm of the difference over that of the
            initial values; without those that begin at zero.
    """

    spec: int | None
    suite: str | None
    threads: int
    concurrent: int
    environment: dict[str, str] | None
    commit: str
    date: str
    resumed_after: list[int]
    losses: list[float]
    first_epoch_losses: list[float]
    accuracy_per_epoch: list[float]
    epoch_seconds: list[float]
    eval_seconds: list[float]
    total_seconds: float
    test_losses: list[float]
    moved: list[int]
    confusion: list[list[int]]
    weight_change: dict[str, float]

    @property
    def final_accuracy(self) -> float:
        """Accuracy on the test split after the last epoch, a fraction."""
        return self.accuracy_per_epoch[-1]

    def as_dict(self) -> dict[str, Any]:
        """Its fields by name, to be written as JSON."""
        return asdict(self)

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> TrainingRun:
        """The run that `as_dict` described; raises TypeError where a field is missing or unknown."""
        return cls(**values)
