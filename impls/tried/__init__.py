"""Formulations that were tried and are not the fastest, each a backend to be checked and timed: see docs/speed.md."""
