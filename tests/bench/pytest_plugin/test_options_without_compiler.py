"""A run leaves out what needs a C++ compiler where there is none."""

from __future__ import annotations

import pytest

from bench.pytest_plugin import options
from needs import needs_kernel_compiler

pytestmark = needs_kernel_compiler


def test_a_run_leaves_them_out_where_there_is_no_compiler(monkeypatch: pytest.MonkeyPatch) -> None:
    def chosen(names: list[str] | None) -> tuple[set[str], dict[str, str]]:
        choices, left_out = options._choices(names, "cpu", "fp32")
        return {choice.label for choice in choices}, left_out

    assert {"pytorch:tuned", "flax:tuned"} <= chosen(None)[0]
    monkeypatch.setenv("CXX", "no-such-compiler")
    labels, left_out = chosen(None)
    assert set(left_out) == {"pytorch:tuned", "flax:tuned", "flax:scan"}, "the last is slow"
    assert not labels & set(left_out)
    assert chosen(["flax:tuned"])[0] == {"flax:tuned"}, "asked for by name, it must say what is missing"
