"""One run's file: pytest-benchmark's own JSON, written anew and whole after every measurement."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from pytest_benchmark.session import BenchmarkSession
from pytest_benchmark.utils import safe_dumps

from bench import whole_file
from bench.settings import Settings


class ResultsFile:
    """``results/<machine>/<time>.json`` of a run; it exists once something has been measured.

    Attributes:
        path: of the file.
        lost: what could not be measured: test, outcome and reason.
    """

    def __init__(self, config: pytest.Config, settings: Settings) -> None:
        self.config = config
        name = datetime.now(UTC).strftime("%Y-%m-%dT%H-%M-%SZ") + ("-quick" if settings.quick else "")
        self.path = settings.results / settings.machine / f"{name}.json"
        self.lost: list[dict[str, str]] = []
        self._head: tuple[Any, Any] | None = None

    def rows(self, kind: str) -> list[dict[str, Any]]:
        """``extra_info`` of every finished measurement of a kind."""
        return [b.extra_info for b in self._session.benchmarks if b.extra_info.get("kind") == kind]

    def note(self, item: pytest.Item, report: pytest.TestReport) -> None:
        """Record how a test ended, and write everything so far."""
        if self._session.disabled or self._session.skip:
            return
        benchmark = getattr(item, "funcargs", {}).get("benchmark")
        outcome = report.outcome
        if benchmark is not None and benchmark.stats is not None and "kind" in benchmark.extra_info:
            benchmark.extra_info["outcome"] = outcome
        elif report.failed:
            reason = str(report.longrepr).strip().splitlines()
            self.lost.append({"name": item.name, "outcome": outcome, "reason": reason[-1] if reason else ""})
        self.write()

    def write(self) -> None:
        """The whole file, aside and then renamed, so that a reader never meets half of it."""
        hook, session = self.config.hook, self._session
        if not session.benchmarks and not self.lost:
            return
        if self._head is None:
            commit = hook.pytest_benchmark_generate_commit_info(config=self.config)
            hook.pytest_benchmark_update_commit_info(config=self.config, commit_info=commit)
            self._head = session.get_machine_info(), commit
        machine_info, commit_info = self._head
        content = hook.pytest_benchmark_generate_json(
            config=self.config,
            benchmarks=session.benchmarks,
            include_data=True,
            machine_info=machine_info,
            commit_info=commit_info,
        )
        hook.pytest_benchmark_update_json(config=self.config, benchmarks=session.benchmarks, output_json=content)
        whole_file.write(self.path, safe_dumps(content, ensure_ascii=True, indent=1))

    @property
    def _session(self) -> BenchmarkSession:
        return self.config._benchmarksession  # type: ignore[attr-defined]  # its only handle on itself
