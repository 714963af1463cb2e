"""What does colour cost?"""

from __future__ import annotations

from bench.lecture.claims.finding import Finding, of_all
from bench.lecture.evidence import FRAMEWORKS, Evidence
from impls.spec import PARAMETERS_TOTAL, PARAMETERS_TOTAL_GREY, parameter_counts


def colour(evidence: Evidence) -> Finding:
    """Three input channels cost 300 parameters more than one, all of them in conv1."""
    claim = f"colour costs 300 parameters, all in conv1: {PARAMETERS_TOTAL_GREY:,} become {PARAMETERS_TOTAL:,}"
    grey = parameter_counts(channels=1)
    held, measured = [], {}
    for framework in FRAMEWORKS:
        counts = next((c for label, c in evidence.parameters.items() if label.startswith(f"{framework}:")), None)
        if counts:
            more = {name: count - grey[name] for name, count in counts.items() if count != grey[name]}
            held.append(more == {"conv1.weight": 300})
            where = ", ".join(f"{count:+} in {name}" for name, count in more.items())
            measured[framework] = f"{sum(counts.values()):,} ({where})"
    return Finding(claim, of_all(held), measured)
