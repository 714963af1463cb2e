"""What names a person or a host is found in any text, and figures and versions are not taken for it."""

from __future__ import annotations

import pytest

from bench.results.validation.personal import GENERIC, SHORTEST, Names, in_text, in_value

NOBODY = Names()


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("/home/alice/x", "names a home folder ('/home/alice/x')"),
        (r"C:\Users\alice\x", r"names a home folder ('C:\\Users\\alice\\x')"),
        ("in /srv/data/x, line 3", "holds an absolute path ('/srv/data/x')"),
        ("by alice.b+c@mail.example.org", "holds an e-mail address ('alice.b+c@mail.example.org')"),
        ("from 192.168.0.17", "holds an IP address ('192.168.0.17')"),
        ("[fe80::1:2]", "holds an IP address ('fe80::1:2')"),
        ("2001:db8:0:0:0:0:0:1", "holds an IP address ('2001:db8:0:0:0:0:0:1')"),
    ],
)
def test_it_is_found_once(text: str, what: str) -> None:
    [found] = in_text(text, NOBODY)
    assert found.startswith(what)


@pytest.mark.parametrize(
    "text",
    [
        "AMD EPYC, 2 cores",
        "20,002 images/s",
        "bench/benchmarks/test_epoch.py::test_epoch[pytorch:eager]",
        "2026-11-23T07:02:33.271817+00:00",
        "12:34:56",
        "torch 2.14.1 and 2.13.0",
        "127.0.0.1 and 0.0.0.0 and ::1",
        "pkg@1.2.3",
        "std::vector, c10::Error, a::b",
        "999.1.2.3",
        "6.18.44-fc-v509",
        "(path) and ~/x",
        "https://example.org/a/b",
    ],
)
def test_anything_else_is_left(text: str) -> None:
    assert list(in_text(text, NOBODY)) == []


def test_versions_of_four_numbers_are_no_addresses() -> None:
    value = {"versions": {"cublas": "12.8.4.1"}, "gpu_driver": "570.86.10.1", "cpu": [{"at": "12.8.4.1"}]}
    assert list(in_value(value, NOBODY)) == [("$.cpu[0].at", "holds an IP address ('12.8.4.1'); delete it")]


@pytest.mark.parametrize("key", ["node", "Hostname", "user"])
def test_keys_that_name_somebody_are_found_whatever_they_hold(key: str) -> None:
    [(place, what)] = in_value({"a": {key: "box"}}, NOBODY)
    assert place == f"$.a.{key}"
    assert what.startswith("names somebody's host, account or place ('box')")
    assert list(in_value({"a": {key: "", "x": "box"}}, NOBODY)) == []


def test_keys_are_texts_too() -> None:
    [(place, what)] = in_value({"/home/alice/x": 1}, NOBODY)
    assert place == "$./home/alice/x"
    assert what.startswith("the key names a home folder")


def test_a_name_is_found_as_a_word() -> None:
    names = Names((("ada", "user"),))
    assert list(in_text("Lambada and adam", names)) == []
    [found] = in_text("by ada, today", names)
    assert found == "holds the name of your user ('ada'); delete it"


def test_names_that_name_nobody_are_not_looked_for() -> None:
    for name, what in Names.here().found:
        assert len(name) >= SHORTEST
        assert name.lower() not in GENERIC
        assert what in ("user", "host", "home folder")
