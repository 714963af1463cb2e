"""What results files and training runs must both state of themselves: commit, versions, data, device."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from impls import registry
from impls.data.cache import DIGESTS, Manifest

CIFAR10 = Manifest("", {}, DIGESTS, {}).fingerprint
"""The fingerprint of CIFAR-10, by the digests of its content."""

MADE_UP = "synthetic-"
"""What the fingerprint of made-up images begins with."""

CHANGES = "+changes"
NAMELESS = ("", "cpu", "cuda", "cuda device", "unknown")
"""Names of devices that say too little, in small letters."""

_COMMIT = re.compile(r"[0-9a-f]{7,64}")
AGAIN = "measure again"


def commit(found: object, *, dirty: bool = False) -> Iterator[str]:
    """What is wrong with a commit, which must be of code that others can have.

    Args:
        found: its id, perhaps with "+changes" behind it.
        dirty: whether the code had changes beside it.
    """
    text = found if isinstance(found, str) else ""
    if dirty or text.endswith(CHANGES):
        yield f"the code had changes that are in no commit ({CHANGES}); commit them and {AGAIN}"
    if not _COMMIT.fullmatch(text.removesuffix(CHANGES)):
        yield f"no commit is stated; {AGAIN} from a clone of the suite's repository"


def versions(backend: str, found: Mapping[str, str]) -> Iterator[str]:
    """What is missing among the versions of packages, or unknown."""
    entry = registry.BUILT_IN.get(backend)
    for package in ("python", "numpy", *(entry.needs if entry else ())):
        if package not in found:
            yield f"the version of {package} is not stated; {AGAIN}"
    for package, version in found.items():
        if version in ("", "unknown"):
            yield f"the version of {package} is not known; install it as a package and {AGAIN}"


def data(fingerprint: str, made_up: bool) -> Iterator[str]:
    """Whether the images are CIFAR-10's, or made up where the results say so.

    Args:
        fingerprint: of the images.
        made_up: whether the results say that they are made up.
    """
    if fingerprint == CIFAR10 and made_up:
        yield f"{fingerprint} is CIFAR-10, and the results say that their images are made up"
    elif fingerprint.startswith(MADE_UP) and not made_up:
        yield f"{fingerprint} is of made-up images, and the results do not say that they are"
    elif not fingerprint.startswith(MADE_UP) and fingerprint != CIFAR10:
        yield f"{fingerprint} is neither CIFAR-10 ({CIFAR10}) nor made up; {AGAIN} on one of these"


def device(name: str) -> Iterator[str]:
    """Whether a device has a name that tells it from others."""
    if name.lower() in NAMELESS:
        yield f"{name!r} does not say which device it is; name it"
