"""The command line, ``lenet-bench``: a file for each command that is more than a few lines."""
