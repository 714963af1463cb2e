"""The command line: ``lenet-bench``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from impls import data as pipeline
from impls.errors import LenetError

app = typer.Typer(
    help="LeNet on CIFAR-10 in PyTorch and JAX/Flax: is it the same computation, and which is faster?",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


@app.callback()
def commands() -> None:
    """Keeps ``data`` a subcommand however many there are."""


@app.command()
def data(
    root: Annotated[
        Path | None,
        typer.Option(help=f"Where to keep it (default: ${pipeline.ROOT_VARIABLE} or the user's cache)."),
    ] = None,
) -> None:
    """Fetch CIFAR-10 if need be, decode it once, check it, and say what is there."""
    manifest = pipeline.prepare(root)
    print(f"training images  {manifest.counts['train']:,}")
    print(f"test images      {manifest.counts['test']:,}")
    print(f"source           {manifest.source}")
    print(f"place            {pipeline.data_root(root)}")
    print(f"fingerprint      {manifest.fingerprint}")
    for what, digest in manifest.digests.items():
        print(f"{what:15}  sha256 {digest}")


@app.command()
def report(
    results: Annotated[Path, typer.Argument(help="The folder with a folder of results per machine.")] = Path("results"),
) -> None:
    """Write the tables anew from the results files."""
    from bench.report.pages import write_pages

    if not results.is_dir():
        raise LenetError(f"There is no folder {results}; give the one that holds your results.")
    print(write_pages(results))


def main() -> None:
    """Run, and turn an error that a person can put right into one sentence and exit code 2."""
    try:
        app()
    except LenetError as error:
        Console(stderr=True).print(f"error: {error}", style="red", highlight=False, markup=False)
        raise SystemExit(2) from None


if __name__ == "__main__":
    main()
