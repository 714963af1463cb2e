"""A visit takes the most valuable steps first, as commands that anyone could give."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from bench.base.settings import Settings
from bench.visit.plan import VARIANTS, Step, plan
from impls import registry


def steps(*, data: bool, synthetic: int = 0) -> list[Step]:
    choices = [registry.choices(name)[0] for name in VARIANTS]
    more = {"synthetic": synthetic, "blocks": 3, "memory": 2**31}
    settings = Settings(choices, "cpu", "fp32", 2, False, 0, 300, Path("r"), "abacus", **more)
    return plan(choices, settings, ["fp32", "bf16"], seeds=5, data=data)


def test_verdicts_come_before_times_times_before_accuracy_and_one_precision_before_the_next() -> None:
    names = [step.name for step in steps(data=True)]
    kinds = [name.partition("-")[0] for name in names]
    one_precision = [*["check"] * 6, "times"]
    assert kinds == ["machine", *one_precision * 2, "lockstep", "lockstep", "accuracy", "accuracy", "tables"]
    assert names[1:3] == ["check-fp32-pytorch-lecture", "check-fp32-pytorch-eager"]
    assert names.index("check-fp32-flax-scan") < names.index("times-fp32") < names.index("check-bf16-pytorch-lecture")
    assert len(set(names)) == len(names)


def test_without_data_nothing_is_trained_and_made_up_images_are_asked_for() -> None:
    found = steps(data=False, synthetic=50_000)
    assert not [step for step in found if step.name.startswith("accuracy")]
    measuring = [step for step in found if step.name.startswith(("check", "times", "lockstep"))]
    assert len(measuring) == 16
    assert all("--synthetic 50000" in " ".join(step.command) for step in measuring)


def test_what_was_asked_for_reaches_every_command() -> None:
    for step in steps(data=True):
        if step.name in ("machine", "tables"):
            continue
        said = " ".join(step.command)
        assert "--device cpu" in said
        assert f"--precision {step.name.split('-')[1]}" in said
        assert "--results r --machine abacus" in said
        limits = "--worker-timeout 300 --worker-memory 2" if step.command[0] == "pytest" else "--timeout 300 --memory 2"
        assert limits in said
        assert "--synthetic" not in said


def test_a_visit_with_real_data_may_follow_one_with_made_up_images() -> None:
    folders = {step.command[1] for synthetic in (0, 400) for step in steps(data=False, synthetic=synthetic)[:1]}
    assert folders == {"r/abacus/visit/machine.json", "r/abacus/visit-made-up/machine.json"}


@pytest.mark.parametrize(("name", "codes"), [("check-fp32-flax-jit", (0, 1, 2, 3)), ("times-bf16", (0, 1))])
def test_a_backend_that_differs_is_a_result_and_no_failure(name: str, codes: tuple[int, ...]) -> None:
    [step] = [step for step in steps(data=True) if step.name == name]
    assert step.fine == codes


def test_times_are_those_of_the_benchmarks_and_can_be_resumed() -> None:
    [step] = [step for step in steps(data=True) if step.name == "times-fp32"]
    assert step.resuming == ("--resume",)
    files = [Path(part) for part in step.command if part.endswith(".py")]
    assert [path.name for path in files] == ["test_agreement.py", "test_epoch.py"]
    assert all(path.is_file() for path in files)
    assert f"-c {os.devnull} --rootdir" in " ".join(step.command), "a pytest.ini of the user's is not read"
    assert "--noconftest" in step.command
    assert "--blocks 3" in " ".join(step.command)
