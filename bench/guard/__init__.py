"""A backend behind a guard: every call checked, and every mistake one sentence."""
