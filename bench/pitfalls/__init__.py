"""How such comparisons go wrong: each usual mistake planted in this experiment and measured (`make pitfalls`)."""
