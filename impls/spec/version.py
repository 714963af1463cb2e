"""The version of what the ladder checks: the network, Adam, the cases, and how tolerances are derived.

Raise it whenever a verdict may change, and say on ``docs/specification.md`` what the new version checks.
"""

SPEC_VERSION = 3
