"""Options that several commands of ``lenet-bench`` share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from impls.errors import LenetError
from impls.spec import RECIPES, Recipe

Device = Annotated[str, typer.Option(help="auto (the first that works), cpu, cuda or another of the backend's.")]
Precision = Annotated[str, typer.Option(help="fp32, tf32 or bf16, as the backend offers it.")]
Threads = Annotated[int | None, typer.Option(help="Cores for every worker (default: all available).")]
Memory = Annotated[
    float | None, typer.Option(help="GiB that a worker may hold (default: nine tenths of what is free).")
]
Timeout = Annotated[float, typer.Option(help="Seconds that one call of a backend's method may take.")]
Jobs = Annotated[
    int | None,
    typer.Option(help="Training runs at the same time (default: one a core; on a GPU all seeds of a variant).", min=1),
]
Root = Annotated[Path | None, typer.Option(help="Where CIFAR-10 is kept (default: $LENET_DATA or the user's cache).")]
Results = Annotated[Path, typer.Option(help="The folder with a folder of results per machine.")]
Machine = Annotated[str | None, typer.Option(help="Folder of this machine in there (default: the device's name).")]
SummaryFiles = Annotated[
    list[Path] | None,
    typer.Option(
        "--summary",
        metavar="FILE",
        help='Add a summary in Markdown to the end of this file, e.g. "$GITHUB_STEP_SUMMARY"; repeatable.',
    ),
]
Synthetic = Annotated[int, typer.Option(metavar="N", help="Use N made-up images instead of CIFAR-10, to try things.")]
Wide = Annotated[bool, typer.Option("--wide", help="Every figure in the table, and not only the headline.")]
Epochs = Annotated[int | None, typer.Option(help="Train only so many epochs of the recipe.", min=1)]
RecipeName = Annotated[str, typer.Option("--recipe", help=f"What to train by: {', '.join(RECIPES)}.")]

CHECK_TIMEOUT = 300
"""Seconds for one call, in a check that was not told otherwise."""


def recipe_named(name: str, epochs: int | None) -> Recipe:
    """The recipe of that name, or its first epochs."""
    if name not in RECIPES:
        raise LenetError(f"There is no recipe {name!r}; choose {', '.join(RECIPES)}.")
    return RECIPES[name].shortened(epochs) if epochs else RECIPES[name]
