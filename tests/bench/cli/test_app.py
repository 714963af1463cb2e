"""``lenet-bench data``, and commands that are wrong."""

from __future__ import annotations

import pytest

from command import Run


@pytest.mark.slow
@pytest.mark.parametrize(
    ("command", "sentence"),
    [
        (["report", "/no/such/folder"], "error: There is no folder /no/such/folder"),
        (["data", "--root", "/proc/none"], "error: The data folder /proc/none cannot be used"),
        (["dtaa"], "No such command 'dtaa'"),
    ],
)
def test_wrong_commands_are_a_sentence(run: Run, command: list[str], sentence: str) -> None:
    done = run("bench.cli", *command)
    assert done.returncode == 2
    assert sentence in " ".join(done.stderr.split())
    assert "Traceback" not in done.stderr


@pytest.mark.slow
@pytest.mark.network
def test_data_command_prints_counts_and_digests(run: Run, cifar10: object) -> None:
    done = run("bench.cli", "data")
    assert done.returncode == 0
    for text in ("50,000", "10,000", "sha256 9d5c2eddadb0", "fingerprint      cifar10-"):
        assert text in done.stdout
