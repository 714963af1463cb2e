"""pytest's side: options, hooks and fixtures of the benchmarks, and the conformance kit."""
