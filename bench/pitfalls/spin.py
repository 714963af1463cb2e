"""Keeps a core busy until it is killed."""

from __future__ import annotations

if __name__ == "__main__":
    while True:
        pass
