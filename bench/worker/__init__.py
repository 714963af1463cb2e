"""The worker process: it holds one backend variant, climbs the ladder with it, and times it."""
