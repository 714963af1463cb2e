"""Prints the digest, by today's rules, of a module as it stands in another folder.

Run as a file, by `bench.training.same_code`: ``python digest_in_folder.py FOLDER MODULE``. FOLDER has an ``impls``.
"""

from __future__ import annotations

import sys
from pathlib import Path


def main() -> None:
    """Only ``impls`` comes from the folder; the rules are ours."""
    folder, module = sys.argv[1:]
    sys.path.insert(0, folder)
    import impls  # noqa: F401  the folder has a bench as well, so it then gives way to our own root

    sys.path[0] = str(Path(__file__).resolve().parents[2])
    from bench.base.code_digest import code_digest

    print(code_digest(module))


if __name__ == "__main__":
    main()
