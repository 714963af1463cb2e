"""One run's file: pytest-benchmark's own JSON, written anew and whole after every measurement."""

from __future__ import annotations

import json
import tempfile
from datetime import UTC, datetime
from typing import Any

import pytest
from pytest_benchmark.session import BenchmarkSession
from pytest_benchmark.utils import safe_dumps

from bench.base import files
from bench.base.code_digest import harness_digest
from bench.base.private import without_paths
from bench.base.settings import Settings
from bench.pytest_plugin.resume import Unfinished
from bench.results import schema
from bench.results.row import SCHEMA
from bench.timing.block import Block
from impls.errors import LenetError


class ResultsFile:
    """``results/<machine>/<time>.json`` of a run; it exists once something has been measured.

    Args:
        config: of the run.
        settings: of the run.
        unfinished: the run that this one goes on with, if any; its file becomes this run's.

    Attributes:
        path: of the file.
        kept: benchmarks that are there already, as the file has them.
        blocks: of the schedule, as far as it has come.
        lost: what could not be measured: test, outcome and reason.
        complete: whether everything that was asked for has been tried and nothing was lost.
        busy_cores: used by other programs before the start; None if nobody looked.
        warnings: of what would spoil the whole run.
    """

    def __init__(self, config: pytest.Config, settings: Settings, unfinished: Unfinished | None = None) -> None:
        self.config, self.settings = config, settings
        name = datetime.now(UTC).strftime("%Y-%m-%dT%H-%M-%SZ") + ("-quick" if settings.quick else "")
        self.path = unfinished.path if unfinished else settings.results / settings.machine / f"{name}.json"
        self.kept: list[dict[str, Any]] = unfinished.benchmarks if unfinished else []
        self.blocks: list[Block] = unfinished.blocks if unfinished else []
        self.lost: list[dict[str, str]] = []
        self.complete = False
        self.busy_cores: float | None = None
        self.warnings: list[str] = []
        self._head: tuple[Any, Any] | None = None
        self._code = harness_digest()

    def rows(self, kind: str) -> list[dict[str, Any]]:
        """``extra_info`` of every finished measurement of a kind."""
        infos = [b["extra_info"] for b in self.kept] + [b.extra_info for b in self._session.benchmarks]
        return [info for info in infos if info.get("kind") == kind]

    def note(self, item: pytest.Item, report: pytest.TestReport) -> None:
        """Record how a test ended, and write everything so far."""
        benchmark = getattr(item, "funcargs", {}).get("benchmark")
        if benchmark is not None and benchmark.stats is not None and "kind" in benchmark.extra_info:
            benchmark.extra_info["outcome"] = report.outcome
        elif report.failed:
            reason = str(report.longrepr).strip().splitlines()
            self.lost.append({"name": item.name, "outcome": report.outcome, "reason": reason[-1] if reason else ""})
        self.write()

    def ensure_writable(self) -> None:
        """Make the folder, so that it is known before anything is measured that results can be checked and written.

        Raises:
            LenetError: they cannot.
        """
        schema.ensure_installed()
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=self.path.parent):
                pass
        except OSError as error:
            raise LenetError(
                f"Results cannot be written to {self.path.parent} ({error.strerror}); choose another place with "
                "--results."
            ) from error

    def write(self) -> None:
        """The whole file, aside and then renamed, so that a reader never meets half of it.

        Raises:
            LenetError: it cannot be written; what was written before is still there.
        """
        if not (self.kept or self._session.benchmarks or self.lost or self.blocks):
            return
        content = without_paths(json.loads(safe_dumps(self._content(), ensure_ascii=True)))
        schema.check(content)
        try:
            files.write(self.path, json.dumps(content, indent=1, allow_nan=False) + "\n")
        except OSError as error:
            raise LenetError(
                f"{self.path} cannot be written ({error.strerror}); what it held before is still there. Make room, or "
                "choose another place with --results, and go on with --resume."
            ) from error

    def _content(self) -> dict[str, Any]:
        """pytest-benchmark's JSON with what we add to it."""
        hook, session = self.config.hook, self._session
        if self._head is None:
            commit = hook.pytest_benchmark_generate_commit_info(config=self.config)
            hook.pytest_benchmark_update_commit_info(config=self.config, commit_info=commit)
            self._head = session.get_machine_info(), commit
        machine_info, commit_info = self._head
        content: dict[str, Any] = hook.pytest_benchmark_generate_json(
            config=self.config,
            benchmarks=session.benchmarks,
            include_data=True,
            machine_info=machine_info,
            commit_info=commit_info,
        )
        hook.pytest_benchmark_update_json(config=self.config, benchmarks=session.benchmarks, output_json=content)
        return content

    def extend(self, content: dict[str, Any]) -> None:
        """Add to pytest-benchmark's JSON what is ours."""
        content["benchmarks"] = self.kept + content["benchmarks"]
        content["lost"] = self.lost
        content["blocks"] = [block.as_dict() for block in self.blocks]
        content["run"] = {
            "schema": SCHEMA,
            "complete": self.complete,
            "options": self.settings.as_dict(),
            "code": self._code,
            "warnings": self.warnings,
        }
        if self.busy_cores is not None:
            content["run"]["machine_load"] = {"cores": self.busy_cores}

    @property
    def _session(self) -> BenchmarkSession:
        return self.config._benchmarksession  # type: ignore[attr-defined]  # its only handle on itself
