"""Places on somebody's disk are found in any text, and nothing else is taken for one."""

from __future__ import annotations

import pytest

from bench.base.private import masked, without_paths


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("/home/alice/mine.py", "(path)"),
        ("/home/alice", "(path)"),
        ("No such file: '/Users/alice/x y.txt'", "No such file: '(path) y.txt'"),
        ("-I/home/alice/include", "-I(path)"),
        ("in /opt/venv/bin/python, line 3", "in (path), line 3"),
        ("(/tmp/x/y)", "((path))"),
        ("data:/mnt/data/x", "data:(path)"),
        ("file:///srv/x", "(path)"),
        (r"C:\Users\alice\x.py is missing", "(path) is missing"),
        (r"D:\data\x.py", "(path)"),
        (r"\\server\share\x", "(path)"),
        ("~alice/data/x", "(path)"),
        ("XLA_FLAGS=/a/b /c/d", "XLA_FLAGS=(path) (path)"),
    ],
)
def test_a_path_is_masked(text: str, left: str) -> None:
    assert masked(text) == left
    assert masked(left) == left


@pytest.mark.parametrize(
    "text",
    [
        "20,002 images/s",
        "bench/benchmarks/test_epoch.py::test_epoch[pytorch:eager]",
        "./here/x.py",
        "../there/x.py",
        "https://example.org/a/b/c",
        "https://example.org/home/alice/x",
        "conv1.bias after epoch 4, block 2",
        "3 / 4 / 5",
        "GiB/s and /s",
        "2026-11-23T07:02:33.271817+00:00",
        "(images)/second/core",
        "~/x",
        "about ~3/4 of it",
        "log-probabilities (first batch) at [7, 0]",
        "",
    ],
)
def test_anything_else_is_left(text: str) -> None:
    assert masked(text) == text


def test_all_texts_of_a_value_are_masked() -> None:
    value = {"lost": [{"reason": "/a/b/c is missing"}], "/a/b": (1, None, 2.5, True, "x")}
    assert without_paths(value) == {"lost": [{"reason": "(path) is missing"}], "/a/b": [1, None, 2.5, True, "x"]}
