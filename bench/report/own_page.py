"""Pages that are written whole, over an older page of ours and over nothing else."""

from __future__ import annotations

from pathlib import Path

from bench.base import files
from impls.errors import LenetError

FIRST_LINE = "<!-- lenet-parity:page, written by lenet-bench report -->\n"
"""Says that a page is ours."""

OLDER = (
    "# Results\n\nWritten by `lenet-bench report` from the JSON files in the folders beside it; not to be edited.\n",
    '# The lecture, reproduced\n\nLecture 30 of "Deep Learning for Visual Computing" (D. Sheet, IIT Kharagpur), ',
)
"""What our pages began with before they had that line."""


class ForeignPageError(LenetError):
    """A page of somebody else's is where one of ours would go."""


def write(page: Path, text: str) -> None:
    """Write a page of ours, whole or not at all, under the line that says so.

    Raises:
        ForeignPageError: another page is there, which is left as it was.
    """
    if not is_ours(page):
        raise ForeignPageError(
            f"{page} was left as it is, for lenet-bench did not write it; move it elsewhere and run "
            "`lenet-bench report` again, or choose another folder with --results or --out."
        )
    # A link to a page of ours stays one; one that leads nowhere is not followed.
    files.write(page.resolve() if page.exists() else page, FIRST_LINE + text)


def is_ours(page: Path) -> bool:
    """Whether a page may be overwritten: it is one of ours, or there is nothing in it."""
    if not page.exists():
        return True
    content = page.read_bytes()
    ours = (FIRST_LINE, *OLDER)
    return not content.strip() or content.replace(b"\r\n", b"\n").startswith(tuple(text.encode() for text in ours))
