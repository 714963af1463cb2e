"""Syntax trees as text that is the same for all code that computes the same thing in the same way.

Comments, docstrings, formatting, imports, annotations of arguments and the version of Python leave no trace in it.
"""

from __future__ import annotations

import ast
from typing import Any

# Methods are named as `ast.NodeVisitor` calls them.
# ruff: noqa: D102


class Computation(ast.NodeTransformer):
    """Takes out of a syntax tree, in place, what computes nothing, and collects its imports.

    Attributes:
        imports: every import statement of the trees visited.
    """

    def __init__(self) -> None:
        self.imports: list[ast.Import | ast.ImportFrom] = []

    def visit_Import(self, node: ast.Import) -> None:
        self.imports.append(node)

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        self.imports.append(node)

    def visit_Expr(self, node: ast.Expr) -> ast.AST | None:
        return None if isinstance(node.value, ast.Constant) else self.generic_visit(node)  # docstrings, and ...

    def visit_If(self, node: ast.If) -> Any:
        if ast.unparse(node.test) not in ("TYPE_CHECKING", "typing.TYPE_CHECKING"):
            return self.generic_visit(node)
        otherwise = ast.Module(node.orelse, [])
        self.generic_visit(otherwise)
        return otherwise.body

    def visit_Assign(self, node: ast.Assign) -> ast.AST | None:
        return None if ast.unparse(node.targets[0]) == "__all__" else self.generic_visit(node)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        node.returns = None
        return self.generic_visit(node)

    def visit_AsyncFunctionDef(self, node: ast.AsyncFunctionDef) -> ast.AST:
        node.returns = None
        return self.generic_visit(node)

    def visit_arg(self, node: ast.arg) -> ast.arg:
        node.annotation = None
        return node


def text_of(value: Any) -> str:
    """A syntax tree as text, the same from every version of Python: `ast.dump` is not."""
    if isinstance(value, ast.JoinedStr):
        value.values = _joined(value.values)
    if isinstance(value, ast.AST):
        fields = [(n, v) for n, v in ast.iter_fields(value) if n not in ("ctx", "kind") and v is not None and v != []]
        return f"{type(value).__name__}({', '.join(f'{name}={text_of(field)}' for name, field in fields)})"
    if isinstance(value, list):
        return f"[{', '.join(map(text_of, value))}]"
    return ascii(value)


def _joined(values: list[ast.expr]) -> list[ast.expr]:
    """The parts of an f-string; versions differ in how they cut up what is constant."""
    found: list[ast.expr] = []
    for value in values:
        if isinstance(value, ast.Constant):
            if found and isinstance(last := found[-1], ast.Constant):
                found[-1] = ast.Constant(f"{last.value!s}{value.value!s}")
                continue
            if value.value == "":
                continue
        found.append(value)
    return found
