"""Statistics: intervals, ratios, equivalence, and changes from run to run."""
