"""Each check of a machine's folder finds what is planted for it, with file and key; a sound folder passes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bench.results.validation.folder import validate
from bench.results.validation.personal import Names
from command import ROOT
from impls.errors import LenetError
from machine_folder import BUILDS, NOBODY, TIMED, looked, place_of, put, results, told, training_run, write

OURS = [*(ROOT / "results").glob("*/*.json"), *(ROOT / "results" / "speed").glob("*/*.json")]
MACHINES = sorted({path.parent.relative_to(ROOT).as_posix() for path in OURS if path.name[:4].isdigit()})


@pytest.fixture
def machine(tmp_path: Path) -> Path:
    return write(tmp_path)


def test_a_sound_folder_passes(machine: Path) -> None:
    found = looked(machine)
    assert list(map(str, found.findings)) == []
    assert (found.results, found.runs) == (1, 1)


@pytest.mark.parametrize("folder", MACHINES)
def test_our_own_folders_pass(folder: str) -> None:
    found = validate(ROOT / folder, NOBODY)
    assert list(map(str, found.findings)) == []
    assert found.results


def test_our_own_folders_are_looked_at() -> None:
    assert len(MACHINES) >= 2


# --- results files --------------------------------------------------------------------------------------------


def changed(path: str, value: Any) -> Callable[[dict[str, Any]], None]:
    """Set a value by its keys, e.g. "run.complete"; `DELETED` deletes it."""

    def change(content: dict[str, Any]) -> None:
        *keys, last = (int(key) if key.isdigit() else key for key in path.split("."))
        inner: Any = content
        for key in keys:
            inner = inner[key]
        if value is DELETED:
            del inner[last]
        else:
            inner[last] = value

    return change


DELETED = object()
LADDER, EPOCH = "benchmarks.0.extra_info", "benchmarks.1.extra_info"
IN_LADDER, IN_EPOCH = "$.benchmarks[0].extra_info", "$.benchmarks[1].extra_info"

PLANTED: list[tuple[str, str, Any, str]] = [
    ("a run that was interrupted", "run.complete", False, "$.run.complete: the run did not come to its end"),
    (
        "a lost measurement",
        "lost",
        [{"name": "test_epoch[flax]", "outcome": "failed", "reason": "It fell."}],
        "$.lost[0]: test_epoch[flax] was lost (It fell.)",
    ),
    ("uncommitted changes", "commit_info.dirty", True, "$.commit_info: the code had changes that are in no commit"),
    ("no commit", "commit_info.id", "unversioned", "$.commit_info: no commit is stated"),
    ("no commit at all", "commit_info", {}, "$.commit_info: no commit is stated"),
    ("no machine", "machine_info", {}, "$.machine_info.system: the machine is not described"),
    ("no processor", "machine_info.cpu", {}, "$.machine_info.cpu: the processor has no name"),
    ("a device without a name", f"{EPOCH}.device_name", "CUDA device", f"{IN_EPOCH}.device_name: 'CUDA device' does"),
    ("a GPU without a name", f"{EPOCH}.device", "cuda", "$.machine_info.gpu: rows are of a GPU that has no name"),
    (
        "a version that is missing",
        f"{EPOCH}.versions",
        {"python": "3.11.7", "numpy": "2.4.6", "torchvision": "0.29.1"},
        f"{IN_EPOCH}.versions: the version of torch is not stated",
    ),
    (
        "a version that is unknown",
        f"{EPOCH}.versions.torch",
        "unknown",
        f"{IN_EPOCH}.versions: the version of torch is not known",
    ),
    ("other data", f"{EPOCH}.data_fingerprint", "cifar10-x", f"{IN_EPOCH}.data_fingerprint: cifar10-x is neither"),
    (
        "made-up data that is not named",
        f"{EPOCH}.data_fingerprint",
        "synthetic-0123",
        f"{IN_EPOCH}.data_fingerprint: synthetic-0123 is of made-up images, and the results do not say",
    ),
    (
        "CIFAR-10 that is called made up",
        "run.options.synthetic",
        400,
        f"{IN_EPOCH}.data_fingerprint: cifar10-66f6dac6e08d is CIFAR-10, and the results say",
    ),
    ("no specification", f"{LADDER}.spec", DELETED, f"{IN_LADDER}.spec: the version of the specification is not"),
    ("no specification in a timed row", f"{EPOCH}.spec", DELETED, f"{IN_EPOCH}.spec: the version of the"),
    ("a specification to come", f"{EPOCH}.spec", 99, f"{IN_EPOCH}.spec: there is no version 99"),
    ("no suite", f"{EPOCH}.suite", "unknown", f"{IN_EPOCH}.suite: the version of the suite is not stated"),
    ("a ladder without rungs", f"{LADDER}.rungs", [], f"{IN_LADDER}.rungs: nothing was compared"),
    (
        "a rung that compared nothing",
        f"{LADDER}.rungs.3.where",
        "nothing was compared",
        f"{IN_LADDER}.rungs[3]: the rung 'forward' ran and compared nothing",
    ),
    (
        "a rung that passed without a figure",
        f"{LADDER}.rungs.3.measured",
        None,
        f"{IN_LADDER}.rungs[3]: the rung 'forward' ran and compared nothing",
    ),
    ("a rung that is missing", f"{LADDER}.rungs.8", DELETED, f"{IN_LADDER}.rungs: not on the ladder: memory"),
    ("a verdict that its rungs contradict", f"{LADDER}.verdict", "different", f"{IN_LADDER}.verdict: is 'different'"),
    (
        "a rung that failed under a good verdict",
        f"{LADDER}.rungs.3.status",
        "failed",
        f"{IN_LADDER}.verdict: is 'equivalent', and its rungs say 'different'",
    ),
    (
        "a rung that failed and is not named",
        f"{LADDER}.rungs.3.status",
        "failed",
        f"{IN_LADDER}.first_failed_rung: is '', and of its rungs 'forward' failed first",
    ),
    (
        "a rung that was skipped",
        f"{LADDER}.rungs.3.status",
        "skipped",
        f"{IN_LADDER}.verdict: is 'equivalent', and its rungs say 'inconclusive'",
    ),
    (
        "a row of another verdict than its ladder",
        f"{EPOCH}.verdict",
        "inconclusive",
        f"{IN_EPOCH}.verdict: is 'inconclusive', and the ladder in the same file says 'equivalent'",
    ),
    (
        "a row without a ladder",
        f"{EPOCH}.variant",
        "tuned",
        f"{IN_EPOCH}.verdict: no ladder in this folder stands for pytorch:tuned, fp32, on Abacus, 2 cores",
    ),
    ("a host's name", "machine_info.node", "abacus-7", "$.machine_info.node: names somebody's host"),
    (
        "a home folder",
        f"{EPOCH}.warnings",
        ["lost in /home/alice/x.py"],
        f"{IN_EPOCH}.warnings[0]: names a home folder ('/home/alice/x.py')",
    ),
    ("an interpreter's path", "machine_info.python", "/opt/venv/bin", "$.machine_info.python: holds an absolute path"),
    ("an address", "commit_info.by", "alice@example.org", "$.commit_info.by: holds an e-mail address ('alice@"),
    ("another address", "machine_info.at", "10.1.2.3", "$.machine_info.at: holds an IP address ('10.1.2.3')"),
]


@pytest.mark.parametrize(("path", "value", "sentence"), [each[1:] for each in PLANTED], ids=[e[0] for e in PLANTED])
def test_what_is_wrong_with_a_results_file_is_found(machine: Path, path: str, value: Any, sentence: str) -> None:
    content = results()
    changed(path, value)(content)
    put(machine, TIMED, content)
    found = told(machine)
    assert any(each.startswith(f"{TIMED}, {sentence}") for each in found), found
    assert all(each.endswith(".") and "\n" not in each for each in found)


def test_a_file_that_is_not_of_its_form_is_refused_and_still_read_for_what_is_personal(machine: Path) -> None:
    content = results()
    changed(f"{EPOCH}.epoch_seconds", ["fast"])(content)
    changed("machine_info.node", "abacus-7")(content)
    put(machine, TIMED, content)
    found = told(machine)
    assert any("'fast' is not of type 'number'" in each for each in found)
    assert any(each.startswith(f"{TIMED}, $.machine_info.node: ") for each in found)
    assert any(each.startswith(".: no results file in it has a verdict") for each in found)


def test_a_file_without_rows_or_whole_json_is_told(machine: Path) -> None:
    put(machine, "2026-01-03T00-00-00Z.json", results() | {"benchmarks": []})
    (machine / "2026-01-04T00-00-00Z.json").write_text('{"run": ')
    found = told(machine)
    assert any("2026-01-03T00-00-00Z.json, $.benchmarks: there is no finished measurement" in each for each in found)
    assert any(each.startswith("2026-01-04T00-00-00Z.json: is refused: ") for each in found)


def test_everything_is_told_at_once(machine: Path) -> None:
    content = results()
    for path, value in (("run.complete", False), ("commit_info.dirty", True), ("machine_info.node", "abacus-7")):
        changed(path, value)(content)
    put(machine, TIMED, content)
    run = training_run(commit="unknown")
    put(machine, place_of(run), run.as_dict())
    assert len(told(machine)) == 4


def test_made_up_data_that_is_named_is_lawful(machine: Path) -> None:
    content = results()
    for row in (LADDER, EPOCH):
        changed(f"{row}.data_fingerprint", "synthetic-0123")(content)
    changed("run.options.synthetic", 400)(content)
    put(machine, TIMED, content)
    assert told(machine) == []


def test_a_different_backend_is_lawful(machine: Path) -> None:
    content = results()
    changed(f"{LADDER}.rungs.11.status", "failed")(content)
    for row in (LADDER, EPOCH):
        changed(f"{row}.verdict", "different")(content)
        changed(f"{row}.first_failed_rung", "determinism")(content)
    put(machine, TIMED, content)
    assert told(machine) == []


def test_two_machines_in_one_folder_are_found(machine: Path) -> None:
    content = results()
    changed("machine_info.cpu.brand_raw", "Slide rule")(content)
    put(machine, "2026-01-05T00-00-00Z.json", content)
    assert told(machine) == [
        "2026-01-05T00-00-00Z.json, $.machine_info.cpu: is 'Slide rule', and 'Abacus' in "
        f"{TIMED}; give each machine a folder of its own."
    ]


def test_a_ladder_in_another_file_of_the_folder_counts(machine: Path) -> None:
    content = results()
    del content["benchmarks"][0]
    put(machine, "2026-01-05T00-00-00Z.json", content)
    assert told(machine) == []
    (machine / TIMED).unlink()
    assert len(told(machine)) == 2


# --- training runs, comparisons and other files ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"commit": "unknown"}, "$.commit: no commit is stated"),
        ({"commit": "0123456789+changes"}, "$.commit: the code had changes that are in no commit (+changes)"),
        ({"spec": None}, "$.spec: the version of the specification is not stated"),
        ({"spec": 99}, "$.spec: there is no version 99"),
        ({"suite": None}, "$.suite: the version of the suite is not stated"),
        ({"data_fingerprint": "cifar10-x"}, "$.data_fingerprint: cifar10-x is neither CIFAR-10"),
        ({"data_fingerprint": "synthetic-1"}, "$.data_fingerprint: synthetic-1 is of made-up images"),
        ({"versions": {"python": "3.11.7"}}, "$.versions: the version of numpy is not stated"),
        ({"device_name": ""}, "$.device_name: '' does not say which device"),
        ({"environment": {"CC": "/home/alice/cc"}}, "$.environment.CC: names a home folder ('/home/alice/cc')"),
    ],
)
def test_what_is_wrong_with_a_training_run_is_found(machine: Path, fields: dict[str, Any], sentence: str) -> None:
    run = training_run(**fields)
    put(machine, place_of(run), run.as_dict())
    [found] = told(machine)
    assert found.startswith(f"{place_of(run)}, {sentence}")


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"seed": 4}, "$.seed: is 4, and the file is named otherwise"),
        ({"twin": True}, "$.variant: the run is of my.module:Mine:plain twin, whose folder is "),
        ({"recipe": "lecture-100"}, "$.recipe: is 'lecture-100', whose folder is lecture-100"),
        ({"precision": "bf16"}, "$.precision: is 'bf16', whose folder is bf16"),
    ],
)
def test_a_run_in_the_wrong_place_is_found(machine: Path, fields: dict[str, Any], sentence: str) -> None:
    place = place_of(training_run())
    put(machine, place, training_run(**fields).as_dict())
    [found] = told(machine)
    assert found.startswith(f"{place}, {sentence}")


def test_a_run_of_our_backends_must_be_of_code_that_is_known(machine: Path) -> None:
    fields = {"backend": "reference", "variant": "float32"}
    run = training_run(**fields)
    put(machine, place_of(run), run.as_dict())
    [found] = told(machine)
    assert found.startswith(f"{place_of(run)}, $.code: 'c0de' is no code of reference:float32 in this version")


def test_a_run_from_before_versions_were_recorded_is_lawful(machine: Path) -> None:
    values = training_run().as_dict() | {"schema": 4}
    del values["spec"], values["suite"]
    put(machine, place_of(training_run()), values)
    assert told(machine) == []


def test_a_run_that_is_none_is_told(machine: Path) -> None:
    put(machine, place_of(training_run()), training_run().as_dict() | {"losses": [1.0]})
    assert told(machine) == [f"{place_of(training_run())}: is no training run (not every epoch has all its figures)."]
    put(machine, place_of(training_run()), [])
    assert "is no training run" in told(machine)[0]


def test_a_comparison_is_looked_at_as_well(machine: Path) -> None:
    (machine / BUILDS).write_text("{}")
    [found] = told(machine)
    assert found.startswith(f"{BUILDS}: is refused: ")


@pytest.mark.parametrize("name", ["notes.txt", ".DS_Store", "sub/other.json", "visit/a.tar.gz", "runs/x.npz"])
def test_files_of_others_are_told(machine: Path, name: str) -> None:
    (machine / name).parent.mkdir(exist_ok=True)
    (machine / name).write_text("{}")
    assert told(machine) == [f"{name}: is no file of results; leave it out."]


def test_a_results_file_keeps_its_name(machine: Path) -> None:
    (machine / TIMED).rename(machine / "mine.json")
    [found] = told(machine)
    assert found.startswith("mine.json: is not named after its time")


def test_a_link_is_told(machine: Path) -> None:
    (machine / "2026-01-06T00-00-00Z.json").symlink_to(machine / TIMED)
    assert told(machine) == ["2026-01-06T00-00-00Z.json: is a link; put the file itself in its place."]


def test_pages_and_logs_are_read_for_what_is_personal(machine: Path) -> None:
    (machine / "README.md").write_text("# Abacus\n\nsee /home/alice/x\n")
    (machine / "visit").mkdir()
    (machine / "visit" / "check.log").write_text("rootdir: /opt/work/x\n")
    (machine / "visit" / "machine.json").write_text('{"nvidia_smi": null, "packages": {"x": "1.2.3.4"}}')
    assert told(machine) == [
        "README.md, line 3: names a home folder ('/home/alice/x'); write (path) for it.",
        "visit/check.log, line 1: holds an absolute path ('/opt/work/x'); write (path) for it.",
    ]


def test_names_of_whoever_validates_are_found(machine: Path) -> None:
    content = results()
    changed("benchmarks.1.extra_info.warnings", ["disturbed by ada on box-17"])(content)
    put(machine, TIMED, content)
    assert told(machine) == []
    found = told(machine, Names((("ada", "user"), ("box-17", "host"))))
    assert [each.split(": ", 1)[1] for each in found] == [
        "holds the name of your host ('box-17'); delete it.",
        "holds the name of your user ('ada'); delete it.",
    ]


def test_a_folder_whose_name_no_machine_may_have_is_told(tmp_path: Path) -> None:
    write(tmp_path).rename(tmp_path / "speed")
    [found] = told(tmp_path / "speed")
    assert found.startswith(".: its name cannot be a machine's: ")


def test_an_empty_folder_is_no_success(tmp_path: Path) -> None:
    assert told(tmp_path) == [".: no results file in it has a verdict; run `lenet-bench time` or the benchmarks."]


def test_what_is_no_machines_folder_is_a_sentence(machine: Path) -> None:
    with pytest.raises(LenetError, match="There is no folder .*nowhere; give that of a machine"):
        looked(machine / "nowhere")
    with pytest.raises(LenetError, match=r"is no machine's folder; give one of those in it \(.*abacus\)"):
        looked(machine.parent)
