"""Blocks of fresh processes timed in turn, their schedule, and what the device could do."""
