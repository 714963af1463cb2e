"""What names a person or a host: in results that are sent to others there is nothing of it."""

from __future__ import annotations

import getpass
import ipaddress
import re
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from bench.base.private import ABSOLUTE, HOME

KEYS = ("node", "host", "hostname", "fqdn", "user", "username", "login", "author", "email", "home", "cwd")
"""Keys whose values name a host, a person or a place, whatever they are."""

VERSIONS = ("versions", "packages", "gpu_driver", "driver", "cpuinfo_version_string")
"""Keys of versions, whose four numbers are no address."""

EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)*\.[A-Za-z]{2,}")
IPV4 = re.compile(r"(?<![\w.-])\d{1,3}(?:\.\d{1,3}){3}(?![\w.-])")
IPV6 = re.compile(r"(?<![\w:.])[0-9A-Fa-f]{0,4}(?::[0-9A-Fa-f]{0,4}){2,7}(?![\w:.])")

SHORTEST = 3
"""Letters of a name that can be told from other words."""

GENERIC = {
    *("root", "user", "users", "admin", "administrator", "ubuntu", "debian", "runner", "docker", "vagrant", "nobody"),
    *("jovyan", "localhost", "host", "linux", "main", "test", "python", "build", "home", "pytorch", "flax", "jax"),
}
"""Names that name nobody."""


@dataclass(frozen=True)
class Names:
    """Names that may stand nowhere, with what each is: "user", "host" or "home folder"."""

    found: tuple[tuple[str, str], ...] = ()

    @classmethod
    def here(cls) -> Self:
        """Those of whoever validates, on this machine."""
        found: dict[str, str] = {}
        try:
            host = socket.gethostname()
            found |= {Path.home().name: "home folder", getpass.getuser(): "user"}
            found |= {host.partition(".")[0]: "host", host: "host"}
        except (OSError, KeyError, RuntimeError):  # a user without an entry, as in some containers
            pass
        known = {name: what for name, what in found.items() if len(name) >= SHORTEST and name.lower() not in GENERIC}
        return cls(tuple(known.items()))


def in_value(value: Any, names: Names, place: str = "$", key: str = "") -> Iterator[tuple[str, str]]:
    """Everything personal in a value of JSON's, keys included: where it is, and what.

    Args:
        value: of JSON.
        names: that may stand nowhere.
        place: of the value, as a JSON path.
        key: that it has in there.
    """
    if isinstance(value, dict):
        for name, item in value.items():
            yield from ((f"{place}.{name}", f"the key {what}") for what in in_text(name, names))
            inner = key if key in VERSIONS else name
            yield from in_value(item, names, f"{place}.{name}", inner)
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from in_value(item, names, f"{place}[{index}]", key)
    elif isinstance(value, str) and value:
        if key.lower() in KEYS:
            yield place, f"names somebody's host, account or place ({value!r}); delete the key"
        else:
            yield from ((place, what) for what in in_text(value, names, addresses=key not in VERSIONS))


def in_text(text: str, names: Names, *, addresses: bool = True) -> Iterator[str]:
    """Everything personal in a text, in words.

    Args:
        text: any.
        names: that may stand nowhere.
        addresses: whether four numbers with dots are an address of the internet's.
    """
    yield from (f"names a home folder ({found[0]!r}); write (path) for it" for found in HOME.finditer(text))
    rest = HOME.sub("", text)
    yield from (f"holds an absolute path ({found[0]!r}); write (path) for it" for found in ABSOLUTE.finditer(rest))
    yield from (f"holds an e-mail address ({found[0]!r}); delete it" for found in EMAIL.finditer(text))
    if addresses:
        candidates = [*IPV4.finditer(text), *IPV6.finditer(text)]
        yield from (f"holds an IP address ({found[0]!r}); delete it" for found in candidates if _names_a_host(found[0]))
    for name, what in names.found:
        if re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text):
            yield f"holds the name of your {what} ({name!r}); delete it"


def _names_a_host(text: str) -> bool:
    """Whether this is an address, and one that is not the same on every machine."""
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return False
    named = any(each.isdigit() for each in text)  # C++ writes a::b
    return named and not (address.is_loopback or address.is_unspecified)
