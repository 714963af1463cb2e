"""A visit to a machine that is at hand for minutes: everything worth knowing of it, in slices, nothing lost."""
