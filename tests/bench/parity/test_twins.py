"""The envelope of the twins: right by hand, no wider for a near twin, and seldom an accusation of a correct run."""

from __future__ import annotations

import numpy as np
import pytest

from bench.parity.noise import SAFETY
from bench.parity.twins import TWINS, envelope

FAR = 1e-4
"""Above what float32 can show, so that nothing is clipped."""


def older(twins: np.ndarray) -> np.ndarray:
    """The envelope as it was: times the farthest over the nearest."""
    return SAFETY * twins.max(axis=0) ** 2 / twins.min(axis=0)


def test_by_hand() -> None:
    """Farthest 4, the middle two 2 and 3: 4 × 4 × 4 / 2.5."""
    assert envelope(FAR * np.array([[1.0], [4.0], [2.0], [3.0]])) == pytest.approx(FAR * 25.6)
    assert envelope(np.zeros((TWINS, 2))) == pytest.approx(SAFETY * np.finfo(np.float32).eps)


def test_one_twin_that_stays_near_widens_nothing() -> None:
    """It made the envelope wider by as much as it was nearer."""
    usual = FAR * np.array([[1.0], [1.2], [1.4], [1.6]])
    near = usual.copy()
    near[0] /= 100
    assert envelope(near) == pytest.approx(envelope(usual))
    assert older(near) == pytest.approx(100 * older(usual))


@pytest.mark.parametrize(("scatter", "most"), [(0.2, 1e-5), (0.43, 1e-3)])
def test_a_correct_run_is_seldom_accused(scatter: float, most: float) -> None:
    """One more draw of what the twins are four of; they scatter by 0.06 to 0.43 in kept answers of the oracle."""
    rng = np.random.default_rng(0)
    distances = FAR * np.exp(scatter * rng.standard_normal((TWINS + 1, 200_000)))
    accused = float((distances[-1] > envelope(distances[:-1])).mean())
    assert accused <= most
    assert np.median(older(distances[:-1]) / envelope(distances[:-1])) > 1.2, "no narrower than it was"
