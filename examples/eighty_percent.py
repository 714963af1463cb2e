"""What does it take to bring the lecture's LeNet past 80 % on CIFAR-10? One change after another, until one does.

Every step keeps the changes before it, and what costs nothing comes first. ``python examples/eighty_percent.py``
"""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import torch
import torch.nn.functional as F
import typer
from torch import Tensor, nn

from bench.base import cores, files, machine
from bench.base.commit import commit
from bench.base.lock import machine_lock
from bench.base.signals import ends_by_signal
from bench.lecture.facts import HUNDRED_EPOCHS_ACCURACY
from impls import data
from impls.data import Split
from impls.errors import LenetError
from impls.spec import epoch_order

EPOCHS, BATCH_SIZE, PEAK_RATE, MAX_SHIFT = 30, 100, 3e-3, 4

WIDE = (32, 64), (256, 128)


@dataclass(frozen=True)
class Step:
    """A LeNet, and whether its training images are mirrored and shifted; `change` is from the step before."""

    name: str
    change: str
    augmented: bool = False
    normalised: bool = False
    channels: tuple[int, int] = (6, 16)
    units: tuple[int, int] = (120, 84)

    def network(self) -> nn.Sequential:
        """Images (N, 3, 32, 32) to log-probabilities (N, 10); its parameters are drawn anew."""
        (first, second), (third, fourth) = self.channels, self.units
        norm, relu, pool = nn.BatchNorm2d if self.normalised else nn.Identity, nn.ReLU(), nn.MaxPool2d(2)
        return nn.Sequential(
            *(nn.Conv2d(3, first, 5), norm(first), relu, pool),
            *(nn.Conv2d(first, second, 5), norm(second), relu, pool),
            nn.Flatten(),
            *(nn.Linear(second * 5 * 5, third), relu, nn.Linear(third, fourth), relu, nn.Linear(fourth, 10)),
            nn.LogSoftmax(dim=1),
        )


STEPS = (
    Step("one-cycle", f"Adam's learning rate climbs to {PEAK_RATE:g} and falls to zero, instead of a constant 0.0001"),
    Step("augmented", f"training images mirrored and shifted by up to {MAX_SHIFT} pixels, at random", True),
    Step("normalised", "batch normalisation after both convolutions", True, True),
    Step("wider", "32 and 64 channels for 6 and 16, 256 and 128 units for 120 and 84", True, True, *WIDE),
)


def augment(images: Tensor) -> Tensor:
    """Each of the images (N, 3, 32, 32) shifted, black moving in, and mirrored with a probability of a half."""
    size = images.shape[-1]
    windows = F.pad(images, [MAX_SHIFT] * 4).unfold(2, size, 1).unfold(3, size, 1)  # a view: nothing is copied
    rows, columns = torch.randint(2 * MAX_SHIFT + 1, (2, len(images)))
    shifted = windows[torch.arange(len(images)), :, rows, columns]
    return torch.where(torch.rand(len(images), 1, 1, 1) < 0.5, shifted.flip(-1), shifted)


def train(step: Step, splits: tuple[Split, Split], epochs: int, seed: int) -> dict[str, Any]:
    """Train a step's network and say how it went; an epoch's seconds are without its test."""
    torch.manual_seed(seed)
    (images, labels), test = [(torch.tensor(split.images), torch.tensor(split.labels)) for split in splits]
    order = [torch.from_numpy(epoch_order(seed, epoch, len(labels), BATCH_SIZE)) for epoch in range(epochs)]
    model = step.network()
    optimizer = torch.optim.Adam(model.parameters(), fused=True)
    schedule = torch.optim.lr_scheduler.OneCycleLR(  # of the rate alone: Adam's beta1 stays the lecture's
        optimizer, PEAK_RATE, total_steps=epochs * len(order[0]), cycle_momentum=False
    )
    losses, accuracies, seconds = [], [], []
    for epoch, batches in enumerate(order, 1):
        begin, total = time.perf_counter(), 0.0
        model.train()
        for rows in batches:
            loss = F.nll_loss(model(augment(images[rows]) if step.augmented else images[rows]), labels[rows])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()
            total += loss.item()
        seconds.append(time.perf_counter() - begin)
        losses.append(total / len(batches))
        accuracies.append(accuracy(model, *test))
        figures = f"loss {losses[-1]:.3f}  accuracy {accuracies[-1]:.2%}  {seconds[-1]:.1f} s"
        print(f"{step.name:10}  epoch {epoch:3}  {figures}", flush=True)
    return {
        "name": step.name,
        "change": step.change,
        "parameters": sum(parameter.numel() for parameter in model.parameters()),
        "epochs": epochs,
        "batch_size": BATCH_SIZE,
        "losses": losses,
        "accuracy_per_epoch": accuracies,
        "epoch_seconds": seconds,
        "passed_at": passed_at(accuracies),
    }


@torch.inference_mode()
def accuracy(model: nn.Module, images: Tensor, labels: Tensor) -> float:
    """Fraction of the images that the model classifies rightly."""
    model.eval()
    classes = torch.cat([model(batch).argmax(dim=1) for batch in images.split(1000)])
    return int((classes == labels).sum()) / len(labels)


def passed_at(accuracies: Sequence[float]) -> int | None:
    """The first epoch, counted from 1, that is above what the lecture says of a hundred; none if none is."""
    return next((epoch for epoch, value in enumerate(accuracies, 1) if value > HUNDRED_EPOCHS_ACCURACY), None)


def study(
    steps: Sequence[Step], splits: tuple[Split, Split], path: Path, *, epochs: int, seed: int, threads: int
) -> None:
    """Train step after step until one has passed 80 %; the file is written after each."""
    done: list[dict[str, Any]] = []
    record = {
        "schema": 1,
        "device_name": machine.device_name("cpu", threads),
        "threads": threads,
        "seed": seed,
        "commit": commit(),
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "versions": machine.versions(("torch",)),
        "data_fingerprint": splits[0].fingerprint,
        "steps": done,
    }
    for step in steps:
        done.append(train(step, splits, epochs, seed))
        files.write(path, json.dumps(record, indent=2) + "\n")
        passed, minutes = done[-1]["passed_at"], sum(done[-1]["epoch_seconds"]) / 60
        verdict = f"past {HUNDRED_EPOCHS_ACCURACY:.0%} in epoch {passed}" if passed else "never past it"
        print(f"{step.name}: {verdict}, {minutes:.1f} min of training; {path}", flush=True)
        if passed:
            break


app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


@app.command(help=__doc__)
def run(
    results: Annotated[Path, typer.Option(help="The folder with a folder of results per machine.")] = Path("results"),
    seed: Annotated[int, typer.Option(help="Of initial parameters, order and augmentation.", min=0)] = 0,
    epochs: Annotated[int | None, typer.Option(help=f"Epochs of every step (default: {EPOCHS}).", min=1)] = None,
    threads: Annotated[int | None, typer.Option(help="Cores to use (default: all available).")] = None,
    only: Annotated[str | None, typer.Option(metavar="NAME", help="Train this one of the steps only.")] = None,
) -> None:
    available = cores.available_cores()
    threads = available if threads is None else threads
    if not 1 <= threads <= available:
        raise LenetError(f"--threads {threads} is not between 1 and the {available} cores available.")
    steps = [step for step in STEPS if only in (None, step.name)]
    if not steps:
        raise LenetError(f"There is no step {only!r}; choose {', '.join(step.name for step in STEPS)}.")
    path = results / "lecture" / machine.folder_name("cpu", threads) / "eighty-percent.json"
    if path.exists() and (only or epochs):
        raise LenetError(f"{path} is there and a trial would replace it; give a trial another folder with --results.")
    path.parent.mkdir(parents=True, exist_ok=True)  # before the work is done, not after
    torch.set_num_threads(threads)
    data.prepare()
    with machine_lock():
        study(steps, (data.load("train"), data.load("test")), path, epochs=epochs or EPOCHS, seed=seed, threads=threads)


if __name__ == "__main__":
    try:
        with ends_by_signal():
            app()
    except (LenetError, OSError) as error:
        raise SystemExit(f"error: {error}") from None
