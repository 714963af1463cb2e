"""The table of how far runs of one seed drift apart."""

from __future__ import annotations

from bench.report.tables.drift import drift_table
from bench.training.paired import arranged
from made_up_runs import made


def test_drift_is_the_median_over_seeds_of_the_largest_difference_so_far() -> None:
    base, runs = [2.0] * 12, []
    for seed, off in ((0, 1e-6), (1, 4e-6), (2, 2e-6)):
        far = [2.0, 2.0 + 2 * off, *[2.0] * 10]
        runs.append(made(seed=seed, first_epoch_losses=base))
        runs.append(made(seed=seed, twin=True, first_epoch_losses=base))
        runs.append(made("flax:jit", seed, first_epoch_losses=far))
    table = drift_table(arranged(runs))
    assert table
    assert list(table.header) == ["up to step", "1", "10"]
    assert [list(row) for row in table.rows] == [
        ["pytorch:eager twin from pytorch:eager", "0", "0"],
        ["flax:jit from pytorch:eager", "0", "2e-06"],
    ]
    assert drift_table(arranged([made()])) is None
