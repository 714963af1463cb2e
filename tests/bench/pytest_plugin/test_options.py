"""Wrong options of a benchmark run end in a sentence."""

from __future__ import annotations

import pytest

from bench.base.settings import BASELINE
from bench.pytest_plugin import options
from command import Run
from impls import registry


@pytest.mark.slow
@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--backend", "pytroch"], "There is no backend 'pytroch'; did you mean pytorch"),
        (["--backend", "flax:pmap"], "flax has no variant 'pmap'; it has jit, scan, tuned."),
        (["--device", "my chip"], "'my chip' cannot be the name of a device; such a name has small letters, digits"),
        (["--backend", "pytorch:eager", "--device", "tpu"], "pytorch:eager does not run on a device 'tpu'; it runs on"),
        (["--threads", "1000"], "--threads 1000 is not between 1 and"),
        (["--synthetic", "50"], "--synthetic 50 is not a multiple of 200."),
        (["--worker-timeout", "0"], "--worker-timeout takes a positive number of seconds."),
        (["--worker-memory", "-1"], "--worker-memory takes a positive number of GiB."),
        (["--blocks", "0"], "--blocks 0 is not 1 or more."),
    ],
)
def test_wrong_options_are_a_sentence(run: Run, options: list[str], sentence: str) -> None:
    done = run("pytest", "bench", "--benchmark-only", *options)
    assert done.returncode == 4
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr + done.stdout


def test_a_gpu_that_is_not_there(run: Run) -> None:
    from bench.base.machine import gpu_name

    if gpu_name():
        pytest.skip("there is one")
    done = run("pytest", "bench", "--benchmark-only", "--device", "cuda")
    assert done.returncode == 4
    assert "no NVIDIA GPU that its driver can see; use --device cpu" in done.stderr


def test_a_variant_that_is_known_to_be_slow_is_measured_where_it_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "lacking", lambda choice: "")
    chosen, left_out = options._choices(None, "cpu", "fp32")
    assert chosen[0].label == BASELINE
    assert list(left_out) == ["flax:scan"]
    assert "flax:scan" not in [choice.label for choice in chosen]
    chosen, left_out = options._choices(["flax:scan"], "cpu", "fp32")
    assert ([choice.label for choice in chosen], left_out) == (["flax:scan"], {})
    on_a_gpu, left_out = options._choices(None, "cuda", "fp32")
    assert "flax:scan" in [choice.label for choice in on_a_gpu]
    assert left_out == {}
