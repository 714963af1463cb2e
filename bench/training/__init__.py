"""Training by a recipe: one run, many at the same time, kept on disk, and compared seed by seed."""
