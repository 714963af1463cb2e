"""A command for visits under test: ``python -m steps FILE SECONDS CODE [...]``.

It adds its arguments to FILE, as a line, sleeps and ends with an exit code.
"""

import sys
import time
from pathlib import Path

if __name__ == "__main__":
    with Path(sys.argv[1]).open("a") as file:
        file.write(" ".join(sys.argv[2:]) + "\n")
    time.sleep(float(sys.argv[2]))
    sys.exit(int(sys.argv[3]))
