"""Labels, recipes and precisions become names of files: as before where they are ours, and always one each."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bench.base.settings import Settings
from bench.training.store import file_name, path_of, save
from bench.visit.plan import folder_of, plan
from impls import registry
from made_up_runs import made


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("pytorch:eager", "pytorch-eager"),
        ("lecture[:2]", "lecture-2"),
        ("lecture-lr-0.001-flax-initial", "lecture-lr-0.001-flax-initial"),
        ("impls.tried.fused_adam:FusedAdam:fused-adam", "impls.tried.fused_adam-FusedAdam-fused-adam"),
        ("bf16", "bf16"),
    ],
)
def test_our_own_names_are_as_they_were(text: str, name: str) -> None:
    assert file_name(text) == name


STRANGE = [
    "m:A:a b",
    "m:A:a|b",
    "m:A:a/b",
    "m:A:a-b",
    "m:A:../../b",
    "..",
    "/",
    "...",
    "",
    "m:A:" + "x" * 300,
    "\udc80",
]


def test_strange_ones_have_a_name_each_that_any_file_system_takes() -> None:
    names = [file_name(text) for text in STRANGE]
    assert len(set(names)) == len(names)
    for name in names:
        assert name.strip(".-")
        assert len(name) < 200
        assert not {"/", "\\", " ", "|", "\0"} & set(name)


def test_two_variants_of_nearly_one_name_keep_their_runs(settings: Settings) -> None:
    paths = {
        save(settings, made(f"m:A:{variant}", twin=twin))
        for variant in ("a b", "a|b", "a-twin", "a")
        for twin in (False, True)
    }
    assert len(paths) == 8
    assert all(path.is_relative_to(settings.results / settings.machine) for path in paths)


@pytest.mark.parametrize("precision", ["../../x", "/tmp/x", ".."])
def test_no_precision_leads_out_of_its_folder(settings: Settings, precision: str) -> None:
    own = replace(settings, choices=registry.choices("pytorch:eager"))
    run = made(precision=precision)
    assert ".." not in path_of(own, run).parts
    assert path_of(own, run).is_relative_to(settings.results / settings.machine / "runs")
    for step in plan(own.choices, own, [precision], seeds=1, data=True):
        assert Path(step.name).name == step.name
        for argument in step.command:
            if str(folder_of(own)) in argument:
                assert ".." not in Path(argument).parts
