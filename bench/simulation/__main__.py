"""``python -m bench.simulation``: simulate every interval, test and warning, and fill the tables of docs/statistics.md.

Exit code 0: all hold; 1: an error is beyond what is claimed by more than a fifth of it.
"""

from __future__ import annotations

import argparse
import math
import sys
import time
from pathlib import Path

from bench.report import markers
from bench.simulation import accuracies, changes, ratios, stopping, tables, twins, warnings
from bench.simulation.committed import full_runs, measured, run_effect
from bench.simulation.outcome import TRIES, Outcome
from impls.errors import LenetError

PARTS = (ratios, stopping, changes, accuracies, warnings, twins)
"""What is simulated: each part has ``outcomes(effects, tries)``. A new part needs no more than its name here."""
ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "statistics.md"


def main(arguments: list[str] | None = None) -> int:
    """Simulate, and write the tables into the page.

    Raises:
        LenetError: there are no committed results to take the effects from, or the page cannot be filled.
    """
    parser = argparse.ArgumentParser(prog="python -m bench.simulation", description=__doc__)
    parser.add_argument("--tries", type=int, default=TRIES, metavar="N", help=f"of each simulation (default: {TRIES})")
    parser.add_argument("--results", type=Path, default=ROOT / "results", metavar="DIR", help="where results are")
    parser.add_argument("--page", type=Path, default=PAGE, metavar="FILE", help="whose tables to fill")
    options = parser.parse_args(arguments)
    ordered = sorted(full_runs(options.results), key=lambda each: math.hypot(each.process, each.rest))
    if not ordered:
        raise LenetError(f"There is no full run of four blocks in {options.results}; give --results with one.")
    names, sets = (
        (["quiet day", "busier day"], [ordered[0], ordered[-1]]) if len(ordered) > 1 else (["measured"], ordered)
    )
    found: list[Outcome] = []
    for part in PARTS:
        began = time.monotonic()
        found += part.outcomes(sets, options.tries)
        print(f"{part.__name__}: {time.monotonic() - began:.0f} s", flush=True)
    warned = warnings.shares(sets[0], options.tries // 10)
    blocks = {
        "effects": tables.effects_table(measured(options.results), run_effect(options.results)),
        "errors": tables.outcomes_table(found, names),
        "not-steady": tables.warnings_table(warned),
    }
    markers.fill(options.page, {name: f"\n{text}\n" for name, text in blocks.items()})
    for each in found:
        print(f"{'' if each.holds else 'BEYOND: '}{each.name}: {each.nominal}: {each.errors}")
    return 0 if all(each.holds for each in found) else 1


if __name__ == "__main__":
    try:
        sys.exit(main())
    except LenetError as error:
        sys.exit(str(error))
