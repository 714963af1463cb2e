"""The instrument: worker processes, the clock, the machine's description, and intervals."""
