"""Which code made a result: a digest of a backend's sources that comments and formatting do not change."""

from __future__ import annotations

import ast
import hashlib
import importlib.util
import subprocess
import sys
import sysconfig
from pathlib import Path

SHARED = ("impls.initial", "impls.order", "impls.recipe")
"""What every backend's training follows, beside its own code and the data."""

LINE = (
    *("impls.adam_state", "impls.contract", "impls.data", "impls.errors", "impls.many", "impls.registry"),
    *("impls.probe", "impls.torch_probe", "impls.jax_probe"),
)
"""What lies between backends and harness; it trains nothing, and the data have a fingerprint of their own."""


def code_digest(module: str) -> str:
    """A digest of the code that trains: a backend's module and what it imports, one of the other.

    Installed packages are not part of it, but for the backend's own; they have versions. C++ that lies beside one of
    these modules is, prose and all.

    Args:
        module: the backend's; it can be imported.
    """
    package = module.partition(".")[0]
    sources: dict[str, ast.Module] = {}
    folders: set[Path] = set()
    waiting = [module, *SHARED]
    while waiting:
        name = waiting.pop()
        path = None if name in sources or name in LINE else _source(name)
        if path is None or (_is_installed(path) and name.partition(".")[0] != package):
            continue
        sources[name] = ast.parse(path.read_text())
        folders.add(path.parent)
        waiting += _imports(sources[name], name)
    digest = hashlib.sha256()
    for name, tree in sorted(sources.items()):
        digest.update(f"{name}\n{_without_prose(tree)}\n".encode())
    for path in sorted({path for folder in folders for path in _native(folder)}):
        digest.update(f"{path.name}\n{path.read_text()}\n".encode())
    return digest.hexdigest()[:16]


def harness_digest() -> str:
    """A digest of every source file of ours, harness and backends alike."""
    root = Path(__file__).resolve().parents[2]
    digest = hashlib.sha256()
    for path in sorted([*root.glob("bench/**/*.py"), *root.glob("impls/**/*.py")]):
        digest.update(f"{path.relative_to(root)}\n{_without_prose(ast.parse(path.read_text()))}\n".encode())
    for path in _native(root / "impls" / "native"):
        digest.update(f"{path.relative_to(root)}\n{path.read_text()}\n".encode())
    return digest.hexdigest()[:16]


def commit() -> str:
    """The commit of the code, as the tables name it: changed if the code is, whatever else may be."""
    root = Path(__file__).resolve().parents[2]

    def git(*args: str) -> str:
        return subprocess.run(["git", "-C", str(root), *args], capture_output=True, text=True, check=True).stdout

    try:
        top, found = git("rev-parse", "--show-toplevel", "HEAD").split("\n")[:2]
        if Path(top).resolve() != root:  # installed somewhere inside a repository of another project
            return "unknown"
        return found[:10] + ("+changes" if git("status", "--porcelain", "--", "impls", "bench").strip() else "")
    except (OSError, subprocess.CalledProcessError):
        return "unknown"


def _native(folder: Path) -> list[Path]:
    return sorted([*folder.glob("*.h"), *folder.glob("*.cpp")])


def _is_installed(path: Path) -> bool:
    return any(path.is_relative_to(sysconfig.get_path(key)) for key in ("purelib", "platlib", "stdlib"))


def _source(name: str) -> Path | None:
    """A module's file; none for what is no module ("from module import thing"), and where none can be found."""
    parent = name.rpartition(".")[0]
    if parent and parent not in sys.modules:  # to look for it would import its package
        return None
    try:
        spec = importlib.util.find_spec(name)
    except Exception:  # whatever a finder may raise, there is then no source to be had
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
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)):
            node.body = [s for s in node.body if not (isinstance(s, ast.Expr) and isinstance(s.value, ast.Constant))]
    return ast.dump(tree)
