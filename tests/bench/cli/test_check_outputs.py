"""The files of a check: refused before any work where they cannot be written, each whole, and never over others."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from rich.console import Console
from typer.testing import CliRunner

from bench.base import files
from bench.base.settings import Settings
from bench.base.suite import stated
from bench.cli import check as check_module
from bench.cli.app import app
from bench.cli.check import Check, choose, require_spec
from bench.cli.outputs import MARK, Outputs
from bench.parity.verdict import Report
from bench.report.terminal.ladder import LadderView
from command import Run
from command_output import said
from impls.errors import LenetError
from impls.spec import LECTURE
from impls.spec.version import SPEC_VERSION
from made_up_checks import found, rungs
from markdown_page import seen

MADE_UP = ("--synthetic", "400", "--device", "cpu")


def written(outputs: Outputs) -> None:
    outputs.ensure_writable()
    outputs.write(found(), Report(rungs()))


@pytest.mark.parametrize("name", ["new/folder/report.md", "report.html", "REPORT.MD", "report.HTML"])
def test_a_report_is_of_the_form_that_its_ending_names(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    written(Outputs(reports=[path]))
    text = path.read_text()
    assert text.startswith("<!doctype html>\n" if path.suffix.lower() == ".html" else f"{MARK}\n# LeNet parity v2")
    assert text.count(MARK) == 1
    if path.suffix.lower() == ".md":
        assert seen(text).html == [MARK]  # which GitHub does not show
    assert [each.name for each in path.parent.iterdir()] == [path.name]
    written(Outputs(reports=[path]))  # over a report of ours


@pytest.mark.parametrize("name", ["report", "report.txt", "report.md.gz", ".md"])
def test_another_ending_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(LenetError, match=r"ends in neither \.md nor \.html; give it one of these"):
        Outputs(reports=[tmp_path / name]).ensure_writable()
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(("name", "content"), [("README.md", "# My project\n"), ("a.html", "<!doctype html><p>")])
def test_a_page_of_somebody_else_is_never_overwritten(tmp_path: Path, name: str, content: str) -> None:
    path = tmp_path / name
    path.write_text(content)
    with pytest.raises(LenetError, match=r"is no report of lenet-bench check, and would be lost"):
        Outputs(reports=[path]).ensure_writable()
    assert path.read_text() == content


def test_an_empty_file_is_nobodys(tmp_path: Path) -> None:
    (tmp_path / "report.md").touch()
    written(Outputs(reports=[tmp_path / "report.md"]))
    assert (tmp_path / "report.md").read_text()


@pytest.mark.parametrize("option", ["json", "report", "badge"])
def test_what_cannot_be_written_is_refused_before_any_work(tmp_path: Path, option: str) -> None:
    (tmp_path / "folder.md").mkdir()
    for place in (tmp_path / "folder.md", Path("/proc/nowhere/out.md")):
        outputs = Outputs(reports=[place]) if option == "report" else Outputs(**{option: place})
        with pytest.raises(LenetError, match=rf"cannot be written \(.*\); give --{option} another place"):
            outputs.ensure_writable()


def test_two_outputs_have_two_files(tmp_path: Path) -> None:
    one = tmp_path / "out.json"
    with pytest.raises(LenetError, match=r"--json and --badge both name .*; give each a file of its own"):
        Outputs(json=one, badge=tmp_path / "." / "x" / ".." / "out.json").ensure_writable()


def test_both_forms_of_a_report_are_written_at_once(tmp_path: Path) -> None:
    both = [tmp_path / "report.md", tmp_path / "report.html"]
    written(Outputs(reports=both))
    assert all(path.exists() for path in both)
    with pytest.raises(LenetError, match=r"--report and --report both name"):
        Outputs(reports=[both[0], both[0]]).ensure_writable()


def test_a_file_that_fails_does_not_cost_the_others(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write = files.write

    def on_a_full_disk(path: Path, content: str) -> None:
        if path.suffix == ".md":
            raise OSError(28, "No space left on device")
        write(path, content)

    monkeypatch.setattr(files, "write", on_a_full_disk)
    outputs = Outputs(tmp_path / "out.json", [tmp_path / "out.md"], tmp_path / "badge.json")
    with pytest.raises(LenetError, match=r"out\.md cannot be written \(No space left on device\)"):
        written(outputs)
    assert json.loads((tmp_path / "badge.json").read_text())["message"] == "equivalent, fp32"
    assert json.loads((tmp_path / "out.json").read_text())["spec"] == 2


def test_nothing_is_reckoned_where_nothing_is_asked_for(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(check_module, "harness_digest", lambda: pytest.fail("took its time for nothing"))
    choice = choose("fakes:Sound", None)
    Check(choice, settings, LadderView(Console(quiet=True), verbose=False), past_failures=False).write(Outputs())


def test_findings_state_specification_suite_and_code(settings: Settings) -> None:
    choice = choose("fakes:Sound", None)
    check = Check(choice, settings, LadderView(Console(quiet=True), verbose=False), past_failures=False)
    check.info = {"variant": "float32", "code": "c0de"}
    plain = check.as_dict()
    assert {name: plain[name] for name in ("spec", "suite", "code")} == stated() | {"code": "c0de"}
    assert plain.keys() >= found().keys()  # so that pages made of the tests' findings are pages of real ones


def test_the_command_repeats_the_check(settings: Settings) -> None:
    choice = choose("fakes:Sound", None)
    check = Check(choice, settings, LadderView(Console(quiet=True), verbose=False), past_failures=True)
    assert check.command == (
        f"lenet-bench check fakes:Sound --spec {SPEC_VERSION} --device cpu --precision fp32 --threads 1 --seed 7 "
        "--synthetic 400 --timeout 60 --all"
    )
    check.info = {"variant": "float 32"}
    check.seeds, check.recipe = 3, LECTURE.shortened(2)
    assert check.command.startswith("lenet-bench check 'fakes:Sound:float 32' --spec ")
    assert " --seeds 3 --recipe lecture --epochs 2 --all" in check.command


# --- the specification at hand --------------------------------------------------------------------------------


def test_the_specification_at_hand_is_taken() -> None:
    require_spec(None)
    require_spec(SPEC_VERSION)


@pytest.mark.parametrize("version", [SPEC_VERSION - 1, SPEC_VERSION + 1, -1])
def test_another_specification_is_refused_before_anything_is_done(
    version: int, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(check_module, "choose", lambda *asked: pytest.fail("went on"))
    path = tmp_path / "new" / "out.json"
    done = CliRunner().invoke(app, ["check", "fakes:Sound", "--spec", str(version), "--json", str(path)])
    assert isinstance(done.exception, LenetError)
    assert f"--spec {version} is not the specification at hand, which is version {SPEC_VERSION}" in str(done.exception)
    assert not path.parent.exists()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (("--spec", "1"), f"error: --spec 1 is not the specification at hand, which is version {SPEC_VERSION}; leave"),
        (("--report", "page.pdf"), "error: --report page.pdf ends in neither .md nor .html"),
        (("--report", "README.md"), "error: README.md is no report of lenet-bench check, and would be lost"),
        (("--xfails-file", "nowhere.txt"), "error: The xfails file nowhere.txt cannot be read"),
    ],
)
def test_each_is_one_sentence(run: Run, options: tuple[str, ...], sentence: str) -> None:
    done = run("bench.cli", "check", "fakes:Sound", *MADE_UP, *options)
    assert done.returncode == 2
    assert sentence in said(done)
    assert done.stderr.count("\n") == 1
    assert not done.stdout


# --- from outside ---------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_the_report_of_a_check_and_the_command_in_it(run: Run, tmp_path: Path) -> None:
    """The command gives the same verdict again."""
    (tmp_path / "xfails.txt").write_text("loss: loss (batch of one)\n")
    report, badge, again = tmp_path / "a.md", tmp_path / "badge.json", tmp_path / "b.json"
    asked = ("--report", str(report), "--badge", str(badge), "--xfails-file", str(tmp_path / "xfails.txt"))
    done = run("bench.cli", "check", "defects:SumsTheLoss", *MADE_UP, *asked)
    assert done.returncode == 1, done.stdout + done.stderr
    assert f"specification {SPEC_VERSION}, code " in done.stdout
    page = report.read_text()
    assert f"# LeNet parity v{SPEC_VERSION}: different, fp32, made-up images" in page
    assert "- Looks like: **the loss is summed over the batch and not averaged**\n" in page
    assert "| loss: loss (batch of one) " in page
    assert json.loads(badge.read_text())["message"] == "different, fp32, made-up images"
    command = page.split("```sh\nlenet-bench check ")[1].split("\n")[0].split()
    done = run("bench.cli", "check", *command, "--json", str(again))
    assert done.returncode == 1
    repeated = json.loads(again.read_text())
    assert repeated["command"].split()[2:] == command
    assert repeated["first_failed_rung"] == "loss"
