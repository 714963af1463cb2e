"""A comparison of two builds, in the terminal."""

from __future__ import annotations

from itertools import groupby
from pathlib import Path

from rich.console import Console

from bench.report import escape
from bench.report.terminal.comparison import conclusion_of, figure_table
from bench.results.two_builds import TwoBuilds
from bench.stats.change import FAMILY_LEVEL

READING = f"""Both builds were timed in the same blocks in turn, each block with fresh processes of both. A change is
the mean over blocks of the new time over the old one, with the 95 % interval of each figure by itself (Student's t over
blocks). "Slower" and "faster" stand where Holm's correction over all judged figures keeps p below {FAMILY_LEVEL:.0%}:
two builds of the same code show either once in a hundred times, however many figures there are."""


def show(found: TwoBuilds, path: Path, console: Console) -> None:
    """Print the two builds, the tables of changes, what they come to and where all of it is kept."""
    for which, name in (("old", found.old), ("new", found.new)):
        console.print(escape.terminal(f"{which}  {escape.one_line(name)}"), soft_wrap=True)
    console.print(escape.terminal(f"on   {escape.one_line(found.device_name)}, {_amount(found)}"), soft_wrap=True)
    for label, figures in groupby(found.figures, key=lambda figure: figure.label):
        console.print()
        console.print(figure_table(label, list(figures)))
    console.print()
    if found.judged:
        console.print(READING.replace("\n", " "), style="dim", highlight=False)
    console.print(conclusion_of(found.figures, "more --blocks find less"), style="bold", highlight=False)
    for text in remarks(found):
        console.print(escape.terminal(text), soft_wrap=True)
    console.print(escape.terminal(f"Kept in {path}"), soft_wrap=True)


def _amount(found: TwoBuilds) -> str:
    asked, done = found.options["blocks"], len(found.blocks)
    counted = f"{done} blocks" if done == asked else f"{done} of {asked} blocks"
    made_up = f", {found.options['synthetic']:,} made-up images" if found.options["synthetic"] else ""
    courses = [course for block in found.blocks for course in block.new.courses.values() if not course.lost]
    rounds = sorted({len(course.epoch_seconds) for course in courses})
    return f"{counted} of {' or '.join(map(str, rounds)) or 'no'} rounds{made_up}"


def remarks(found: TwoBuilds) -> list[str]:
    """What the tables do not say: equal code, other versions, training that is not the same, what was lost."""
    texts = _code(found)
    for label, sides in found.workers.items():
        old, new = sides["old"]["versions"], sides["new"]["versions"]
        changed = [
            f"{package} {old.get(package, 'not used')} and {new.get(package, 'not used')}"
            for package in sorted({*old, *new})
            if old.get(package) != new.get(package)
        ]
        if changed:
            texts.append(f"{label} has other packages in the two builds: {', '.join(changed)}.")
    for label, apart in found.apart.items():
        if apart:
            texts.append(
                f"{label} does not train the same bits in both builds: losses of one step differ by up to {apart:.1e} "
                f"of themselves; `lenet-bench check {label}` says whether it is still right."
            )
    for label in dict.fromkeys(label for block in found.blocks for label in block.new.courses):
        if reason := found.lost(label):
            texts.append(f"{label} left before the end: {reason}")
    texts += [f"The control has no times: {error}" for error in _control_errors(found)]
    if found.control:
        low, high = found.control
        texts.append(
            f"The control took {low:.3g} to {high:.3g} s from block to block. That is the machine's doing, and "
            "the same for both builds."
        )
    return texts + [f"Warning: {warning}." for warning in found.warnings]


def _code(found: TwoBuilds) -> list[str]:
    """Whether it is the same, of the suite and of each backend: else nobody would know that nothing was compared."""
    if found.nothing_changed:
        return ["Both builds are of the same code."]
    if not found.same_code:
        return []
    return ["Both builds have the same suite.", *(f"{label} has other code." for label in found.changed)]


def _control_errors(found: TwoBuilds) -> list[str]:
    return list(dict.fromkeys(block.new.control_error for block in found.blocks if block.new.control_error))
