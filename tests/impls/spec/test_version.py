"""The specification has a version, which its page explains and which changes no stored run."""

from __future__ import annotations

import ast
import re

from bench.base.code_digest import code_digest
from bench.parity.rungs import RUNGS
from command import ROOT
from impls.spec.version import SPEC_VERSION

PAGE = (ROOT / "docs" / "specification.md").read_text()


def test_the_version_has_a_section_on_its_page() -> None:
    versions = [int(number) for number in re.findall(r"^## Version (\d+)$", PAGE, re.MULTILINE)]
    assert versions == list(range(SPEC_VERSION, 0, -1))
    assert f"--spec {SPEC_VERSION}" in PAGE


def test_the_page_names_every_rung() -> None:
    for rung in RUNGS:
        assert re.search(rf"\| {rung} \||\| {rung} \(new\) \|", PAGE), rung


def test_the_version_imports_nothing() -> None:
    """Anybody may read it, and no backend's digest sees it."""
    source = (ROOT / "impls" / "spec" / "version.py").read_text()
    assert not [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Import | ast.ImportFrom)]


def test_raising_the_version_makes_no_stored_run_stale() -> None:
    from bench.base import code_digest as digests

    modules = ("impls.pytorch.eager", "impls.flax.nnx", "impls.reference.backend")
    read: set[str] = set()
    for module in modules:
        read |= {source.name for source in digests._sources(module, [module, *digests.SHARED], digests.LINE)}
        assert code_digest(module)
    assert "impls.spec.recipe" in read
    assert "impls.spec.version" not in read
