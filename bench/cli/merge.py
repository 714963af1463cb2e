"""``lenet-bench merge``: combine results of several machines and visits."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bench.cli.options import Results


def merge(
    sources: Annotated[
        list[Path], typer.Argument(metavar="SOURCE...", help="Folders of results, or archives of `lenet-bench gpu`.")
    ],
    results: Results = Path("results"),
) -> None:
    """Add results from folders and archives to yours, and update their machines' pages. Contradictions are refused.

    Exit code 2: something cannot be merged, and nothing was changed.
    """
    from bench.report.pages import write_merged
    from bench.results import merge as merging

    found = merging.merge(sources, results)
    for what, names in (("added", found.added), ("replaced", found.replaced), ("there already", found.same)):
        if names:
            print(f"{what}: {len(names)} files")
    for page in write_merged(results, [*found.added, *found.replaced]):
        print(f"Tables: {page}")
