"""Pages and blocks of pages that are to be written, all of them even where one is refused."""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from pathlib import Path

from bench.report import escape, markers, own_page
from impls.errors import LenetError


@dataclass
class Planned:
    """What is to be written.

    Attributes:
        whole: pages of ours, by path.
        blocks: of other pages, by path and name.
    """

    whole: dict[Path, str] = field(default_factory=dict)
    blocks: dict[Path, dict[str, str]] = field(default_factory=dict)

    def fill(self, page: Path, block: str, name: str = "results") -> None:
        """Plan a block of a page."""
        self.blocks.setdefault(page, {})[name] = block

    def write(self, again: str) -> list[Path]:
        """Write everything that is not refused, as `own_page` and `markers` say; the pages that are whole.

        Args:
            again: the command that tries again, for the sentence of an error.

        Raises:
            LenetError: something cannot be written, or was refused, a sentence each.
        """
        refused: list[str] = []
        for page, text in self.whole.items():
            try:
                own_page.write(page, text)
            except LenetError as error:
                refused.append(str(error))
            except OSError as error:
                raise _not_written(page, error, again) from error
        for page, blocks in self.blocks.items():
            try:
                for sentence in markers.replaced_by(page, blocks):
                    print(f"warning: {escape.printable(sentence)}", file=sys.stderr)
                markers.fill(page, blocks)
            except LenetError as error:
                refused.append(str(error))
            except OSError as error:
                raise _not_written(page, error, again) from error
        if refused:
            raise LenetError(" ".join(refused))
        return list(self.whole)


def _not_written(page: Path, error: OSError, again: str) -> LenetError:
    return LenetError(f"{page} cannot be written ({error.strerror}); `{again}` tries again.")
