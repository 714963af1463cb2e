"""Run the `run` steps of a GitHub Actions workflow as its runner does, with what `uses` steps would do left out."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from command import finished

EXPRESSION = re.compile(r"\$\{\{\s*(.*?)\s*\}\}")
SHELL = ("bash", "--noprofile", "--norc", "-eo", "pipefail")
"""As GitHub starts ``shell: bash``."""


@dataclass
class Ran:
    """A step that was run.

    Attributes:
        code: its exit code.
        said: all that it printed.
        summary: what it wrote to its job summary.
    """

    code: int
    said: str
    summary: str


@dataclass
class Workflow:
    """A workflow of one job.

    Attributes:
        content: of its file.
        folder: where its steps run.
        values: of the expressions in ``env``, by their text; one that is missing is an error.
        conditions: of the expressions in ``if``, likewise.
        replaced: scripts that are run in place of a step's own, by its id.
        env: variables that are set beside the workflow's, or in place of them.
    """

    content: dict[str, Any]
    folder: Path
    values: Mapping[str, str] = field(default_factory=dict)
    conditions: Mapping[str, bool] = field(default_factory=dict)
    replaced: Mapping[str, str] = field(default_factory=dict)
    env: Mapping[str, str] = field(default_factory=dict)

    @property
    def steps(self) -> list[dict[str, Any]]:
        [job] = self.content["jobs"].values()
        return job["steps"]

    def run(self) -> dict[str, Ran]:
        """Every step with a script, by its id or name: until one fails, and from then on those that say so."""
        ran: dict[str, Ran] = {}
        for number, step in enumerate(self.steps):
            assert ("run" in step) != ("uses" in step), step
            failed = any(each.code for each in ran.values())
            if "run" in step and (self._condition(step["if"]) if "if" in step else not failed):
                ran[step.get("id", step["name"])] = self._ran(step, self.folder / f"summary-{number}.md")
        return ran

    def _condition(self, text: str) -> bool:
        [expression] = EXPRESSION.findall(text)
        assert "cancelled()" in expression  # without a word on the state, it would run after success alone
        return all(self.conditions[part.strip()] for part in expression.split("&&"))

    def _ran(self, step: Mapping[str, Any], summary: Path) -> Ran:
        own = {**self.content.get("env", {}), **self.env, **step.get("env", {})}
        env = {name: EXPRESSION.sub(lambda found: self.values[found[1]], str(value)) for name, value in own.items()}
        script = self.folder / "script.sh"
        script.write_text(self.replaced.get(step.get("id", ""), step["run"]))
        assert not EXPRESSION.search(script.read_text())  # somebody's text would become part of the script
        summary.touch()
        done = finished(
            [*SHELL, script], cwd=self.folder, env={**os.environ, **env, "GITHUB_STEP_SUMMARY": str(summary)}
        )
        return Ran(done.returncode, done.stdout + done.stderr, summary.read_text())


def read(path: Path) -> dict[str, Any]:
    """The content of a workflow's file. YAML takes its key ``on`` for a truth value."""
    content: dict[Any, Any] = yaml.safe_load(path.read_text())
    return {"on" if key is True else key: value for key, value in content.items()}
