"""Go on with a run that was not finished: what it has measured counts, as long as nothing has changed since."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.base import environment
from bench.base.code_digest import harness_digest
from bench.base.settings import Settings
from bench.results.content import read, schema_of
from bench.results.schema import ResultsError
from bench.timing.block import Block
from bench.worker.agreement import Agreement
from bench.worker.control import control
from bench.worker.process import worker_environment
from impls.errors import LenetError


@dataclass(frozen=True)
class Unfinished:
    """A run that was interrupted, or lost something.

    Attributes:
        path: of its file.
        benchmarks: that it has, as the file has them.
        blocks: of its schedule, in order, without those that a variant did not finish.
    """

    path: Path
    benchmarks: list[dict[str, Any]]
    blocks: list[Block]

    def agreements(self, settings: Settings) -> list[Agreement]:
        """The verdicts that it has found."""
        rows = [b["extra_info"] for b in self.benchmarks if b["extra_info"].get("kind") == "agreement"]
        found = []
        for choice in settings.choices:
            for row in rows:
                if row["backend"] == choice.backend and choice.variant in (None, row["variant"]):
                    info = {
                        name: row[name] for name in ("variant", "versions", "data_fingerprint", "code") if name in row
                    }
                    found.append(Agreement(choice, info, row["verdict"], row["first_failed_rung"]))
        return found

    @property
    def failed(self) -> list[str]:
        """Names of its tests that were measured and failed."""
        return [b["name"] for b in self.benchmarks if b["extra_info"].get("outcome") == "failed"]


def newest_unfinished(settings: Settings) -> Unfinished:
    """The newest run in this machine's folder that was not finished and measured what these settings ask for.

    Raises:
        LenetError: there is none, or the code has changed since.
    """
    folder = settings.results / settings.machine
    for path in sorted(folder.glob("*.json"), reverse=True):
        content = _read(path)
        if content is None or content["run"]["complete"] or content["run"]["options"] != settings.as_dict():
            continue
        if content["run"]["code"] != harness_digest():
            raise LenetError(
                f"The code has changed since {path} was written, and its figures would mix two versions; "
                "start anew without --resume."
            )
        _same_environment(path, content["benchmarks"], settings)
        blocks = whole(content.get("blocks", []))
        if others := {block.control for block in blocks} - {control(settings.device).name}:
            raise LenetError(
                f"{path} was measured beside the {others.pop()}, and the control here is the "
                f"{control(settings.device).name}; start anew without --resume."
            )
        return Unfinished(path, content["benchmarks"], blocks)
    raise LenetError(f"There is no unfinished run with these options in {folder}; start one without --resume.")


def _same_environment(path: Path, benchmarks: list[dict[str, Any]], settings: Settings) -> None:
    """Raise LenetError where a row was measured with other environment variables than are set now."""
    now = environment.recorded(worker_environment(settings.threads))
    for benchmark in benchmarks:
        then = benchmark["extra_info"].get("environment")
        if then is not None and (differing := environment.differences(then, now)):
            raise LenetError(
                f"The environment has changed since {path} was written: {', '.join(differing)}; set it as it was, or "
                "start anew without --resume."
            )


def whole(blocks: list[dict[str, Any]]) -> list[Block]:
    """Blocks up to the first that some variant did not finish: from there on they are measured again."""
    found = []
    for block in map(Block.from_dict, blocks):
        if any(course.lost for course in block.courses.values()):
            break
        found.append(block)
    return found


def _read(path: Path) -> dict[str, Any] | None:
    """A results file of this version that can be resumed; None, with a warning where it is none of this suite's."""
    try:
        content = read(path)
        if schema_of(content) == 1:  # could not be resumed
            return None
        whole(content.get("blocks", []))
        if not all(
            isinstance(b.get("fullname"), str) and isinstance(b.get("name"), str) for b in content["benchmarks"]
        ):
            raise ResultsError(f"{path} has measurements without a name.")
    except ResultsError as error:
        print(f"warning: {error} It is left out.", file=sys.stderr)
        return None
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        print(f"warning: {path} has blocks that cannot be read ({error!r}). It is left out.", file=sys.stderr)
        return None
    return content
