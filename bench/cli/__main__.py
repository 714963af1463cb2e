"""``python -m bench.cli``, the same as ``lenet-bench``."""

from bench.base.blas import one_thread

one_thread()

from bench.cli.app import main  # noqa: E402  imports NumPy

main()
