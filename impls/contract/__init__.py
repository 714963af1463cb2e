"""What a backend must offer (`Backend`), and what it may: several seeds at once, its optimizer's state, a probe."""

from __future__ import annotations

from impls.contract.adam_state import AdamState
from impls.contract.backend import Backend
from impls.contract.many_seeds import ManySeeds
from impls.contract.probe import Activity, Probe

__all__ = ["Activity", "AdamState", "Backend", "ManySeeds", "Probe"]
