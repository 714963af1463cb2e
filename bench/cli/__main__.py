"""``python -m bench.cli``, the same as ``lenet-bench``."""

from bench.cli.app import main

main()
