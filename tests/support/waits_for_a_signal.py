"""A program that waits until a signal ends it: ``python -m waits_for_a_signal FILE``. It makes FILE when it waits."""

import sys
import time
from pathlib import Path

from bench.base.signals import ends_by_signal

if __name__ == "__main__":
    with ends_by_signal():
        try:
            Path(sys.argv[1]).touch()
            time.sleep(60)
        finally:
            print("cleaning up", flush=True)
            time.sleep(0.3)
            print("clean", flush=True)
