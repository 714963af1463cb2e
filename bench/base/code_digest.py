"""Which code made a result: a digest of what computes, and of nothing else.

Stored runs are compared by it, so it must outlive all that changes no computation: comments, docstrings and formatting,
the file and module in which a definition of ours stands, how an import is written, annotations of arguments, and the
version of Python that reads the code. Which thing of another package a name is bound to does count.
"""

from __future__ import annotations

import ast
import hashlib
import importlib.util
import sysconfig
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from bench.base.syntax import Computation, text_of

OURS = "impls"
"""The package whose modules count wherever they are installed."""

SHARED = ("impls.spec.initial", "impls.spec.order", "impls.spec.recipe")
"""What every backend's training follows, beside its own code and the data."""

LINE = (
    *("impls.contract", "impls.data", "impls.errors", "impls.registry"),
    *("impls.pytorch.probe", "impls.flax.probe", "impls.pytorch.device", "impls.flax.device"),
)
"""What lies between backends and harness, packages with all that is in them.

It trains nothing, and the data have a fingerprint of their own.
"""


def code_digest(module: str, *, shared: Iterable[str] = SHARED, line: Iterable[str] = LINE) -> str:
    """A digest of the code that trains: a backend's module and what it imports, one of the other.

    Installed packages are not part of it, but for the backend's own and ours; they have versions. C++ that lies beside
    one of these modules is, prose and all. It sees definitions and not where they stand, so it cannot tell which of two
    definitions of one name an import of ours takes.

    Args:
        module: the backend's; it can be imported.
        shared: modules that count whether the backend imports them or not.
        line: modules and packages that do not count.

    Returns:
        The first 16 hexadecimal digits of a SHA-256.
    """
    sources = _sources(module, [module, *shared], tuple(line))
    parts = {part for source in sources for part in _parts(source, {_top(each.name) for each in sources} | {OURS})}
    native = {path for source in sources for path in _native(source.path.parent)}
    digest = hashlib.sha256()
    for text in [*sorted(parts), *sorted(f"{path.name}\n{path.read_text()}" for path in native)]:
        digest.update(f"{text}\n".encode())
    return digest.hexdigest()[:16]


def harness_digest(root: Path | None = None) -> str:
    """A digest of every source file of ours, harness and backends alike; moving a file changes it.

    Args:
        root: the folder of another build's packages; None for our own.
    """
    root = root or Path(__file__).resolve().parents[2]
    digest = hashlib.sha256()
    for path in sorted([*root.glob("bench/**/*.py"), *root.glob("impls/**/*.py")]):
        tree = Computation().visit(ast.parse(path.read_text()))
        digest.update(f"{path.relative_to(root)}\n{text_of(tree)}\n".encode())
    for path in _native(root / "impls" / "native"):
        digest.update(f"{path.relative_to(root)}\n{path.read_text()}\n".encode())
    return digest.hexdigest()[:16]


# --- which files ----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Source:
    """A module that counts."""

    name: str
    path: Path
    tree: ast.Module


def _sources(module: str, waiting: list[str], line: tuple[str, ...]) -> list[_Source]:
    """The modules waiting and all that they import, as far as it counts for ``module``'s digest."""
    found: dict[str, _Source | None] = {OURS: None}
    while waiting:
        name = waiting.pop()
        if name in found or any(name == each or name.startswith(f"{each}.") for each in line):
            continue
        path, found[name] = _file_of(name), None
        if path is None or (_is_installed(path) and _top(name) not in (_top(module), OURS)):
            continue
        found[name] = source = _Source(name, path, ast.parse(path.read_text()))
        waiting += _imported(source)
    return [source for source in found.values() if source]


def _top(name: str) -> str:
    return name.partition(".")[0]


def _file_of(name: str) -> Path | None:
    """A module's file, found without importing anything; None for what is no module ("from module import thing")."""
    top, *rest = name.split(".")
    try:
        spec = importlib.util.find_spec(top)
    except Exception:  # whatever a finder may raise, there is then no source to be had
        return None
    if spec is None:
        return None
    if not rest:
        return Path(spec.origin) if spec.origin and spec.origin.endswith(".py") else None
    places = [Path(folder, *rest) for folder in spec.submodule_search_locations or []]
    files = [file for place in places for file in (place / "__init__.py", place.with_name(f"{place.name}.py"))]
    return next((file for file in files if file.is_file()), None)


def _is_installed(path: Path) -> bool:
    return any(path.is_relative_to(sysconfig.get_path(key)) for key in ("purelib", "platlib", "stdlib"))


def _native(folder: Path) -> list[Path]:
    return sorted([*folder.glob("*.h"), *folder.glob("*.cpp")])


def _imported(source: _Source) -> list[str]:
    """Every imported name that might be a module."""
    names = []
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = _base(node, source)
            names += [base, *(f"{base}.{alias.name}" for alias in node.names)]
    return names


def _base(node: ast.ImportFrom, source: _Source) -> str:
    """What is imported from, in full."""
    if not node.level:
        return node.module or ""
    inside = source.name.split(".") + ([""] if source.path.name == "__init__.py" else [])
    return ".".join([*inside[: -node.level], *([node.module] if node.module else [])])


# --- what of them ---------------------------------------------------------------------------------------------


def _parts(source: _Source, own: set[str]) -> Iterator[str]:
    """The statements of a module that compute something, and what of other packages it binds to which name.

    Args:
        source: of the module.
        own: top-level packages whose imports do not count, but for what they rename, because what they bring does.
    """
    computation = Computation()
    for statement in computation.visit(source.tree).body:
        yield text_of(statement)
    for node in computation.imports:
        base = _base(node, source) if isinstance(node, ast.ImportFrom) else ""
        for alias in node.names:
            name = ".".join(part for part in (base, alias.name) if part)
            if _top(name) in own:
                if alias.asname:
                    yield f"{alias.name} as {alias.asname}"
            elif _top(name) not in ("__future__", "typing"):
                yield f"{name} as {alias.asname or alias.name}"
