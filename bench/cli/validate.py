"""``lenet-bench validate``: is a machine's folder of results whole and lawful?"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from bench.report import escape


def validate(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A machine's folder of results, <results>/<machine>.")],
) -> None:
    """Are these results fit to be sent to others: whole, of a known form, with verdicts, and with nothing personal?

    Every finding is a sentence with its file and key. What is looked at: the form of every file, commit, versions, data
    and machine, verdicts and what they rest on, and names of people, hosts and places.

    Exit code 0: nothing is wrong; 1: something is; 2: the folder cannot be read.
    """
    from bench.results.validation.folder import validate as look
    from bench.results.validation.personal import Names

    found = look(folder, Names.here())
    console = Console(emoji=False, highlight=False)
    for finding in found.findings:
        console.print(escape.terminal_line(str(finding)), soft_wrap=True)
    looked_at = f"{_count(found.results, 'results file')} and {_count(found.runs, 'training run')}"
    if found.findings:
        conclusion = f"{folder}: {_count(len(found.findings), 'finding')} in {looked_at}."
    else:
        conclusion = f"{folder} is whole and lawful: {looked_at}."
    console.print(escape.terminal_line(conclusion, "bold"), soft_wrap=True)
    raise typer.Exit(int(bool(found.findings)))


def _count(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"
