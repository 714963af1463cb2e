"""Which code made a result: a digest of a backend's sources that comments and formatting do not change."""

from __future__ import annotations

import ast
import hashlib
import importlib.util
from pathlib import Path

SHARED = ("impls.initial", "impls.order", "impls.recipe")
"""What every backend's training follows, beside its own code and the data."""

LINE = ("impls.contract", "impls.data", "impls.errors", "impls.registry")
"""What lies between backends and harness; it computes nothing, and the data have a fingerprint of their own."""


def code_digest(module: str) -> str:
    """A digest of the code that trains: a backend's module and what it imports of its own package.

    Frameworks are not part of it; they have versions.

    Args:
        module: the backend's; it can be imported.
    """
    package = module.partition(".")[0]
    sources: dict[str, ast.Module] = {}
    waiting = [module, *SHARED]
    while waiting:
        name = waiting.pop()
        if name in sources or name in LINE or (path := _source(name)) is None:
            continue
        sources[name] = ast.parse(path.read_text())
        waiting += [other for other in _imports(sources[name], name) if other.partition(".")[0] == package]
    digest = hashlib.sha256()
    for name, tree in sorted(sources.items()):
        digest.update(f"{name}\n{_without_prose(tree)}\n".encode())
    return digest.hexdigest()[:16]


def _source(name: str) -> Path | None:
    try:
        spec = importlib.util.find_spec(name)
    except (ImportError, ValueError, AttributeError):  # "from package import thing" names no module
        return None
    return Path(spec.origin) if spec and spec.origin and spec.origin.endswith(".py") else None


def _imports(tree: ast.Module, importer: str) -> list[str]:
    """Every imported name that might be a module."""
    names = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            above = importer.split(".")[: -node.level] if node.level else []  # a relative import
            base = ".".join([*above, *([node.module] if node.module else [])])
            names += [base, *(f"{base}.{alias.name}" for alias in node.names)]
    return names


def _without_prose(tree: ast.Module) -> str:
    """A syntax tree as text, docstrings left out."""
    for node in ast.walk(tree):
        body = getattr(node, "body", None)
        if isinstance(body, list):
            node.body = [  # type: ignore[attr-defined]
                s for s in body if not (isinstance(s, ast.Expr) and isinstance(s.value, ast.Constant))
            ]
    return ast.dump(tree)
