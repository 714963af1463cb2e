"""The harness: is it the same computation (`bench.parity`), and how fast is it (`bench.timing`)?

Importing anything here imports no framework; those live in worker processes.
"""
