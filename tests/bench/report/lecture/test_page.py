"""The lecture's page shows all evidence, and is made from files alone."""

from __future__ import annotations

import json
from typing import Any

from bench.base.settings import Settings
from bench.lecture.evidence import STUDY
from bench.lecture.folder import Elsewhere, VariantFolder, folder_of
from bench.report.pages import write_lecture_page
from bench.report.publish import publish_markdown
from bench.training import store as stored_runs
from impls.spec import HUNDRED, LECTURE
from made_up_evidence import RISING, run, shifted
from stored_lecture_runs import keep


def study(**more: Any) -> dict[str, Any]:
    step = {"name": "wider", "change": "more channels", "parameters": 1_000_000, "epochs": 2, "batch_size": 100}
    step |= {"losses": [2.0, 1.0], "accuracy_per_epoch": [0.7, 0.81], "epoch_seconds": [1.0, 1.0], "passed_at": 2}
    about = {"device_name": "Abacus, 2 cores", "threads": 2, "seed": 0, "commit": "0123456789"}
    return {"schema": 1, **about, "steps": [step, step | {"name": "as it was", "passed_at": None}], **more}


def test_the_page_shows_all_of_it_and_is_made_from_files_alone(real_settings: Settings) -> None:
    keep(real_settings, run(RISING), run(shifted(0.001), label="flax:jit"), run([0.5, 0.6], recipe=HUNDRED))
    folder = folder_of(real_settings, LECTURE)
    (folder / "curves.svg").touch()
    VariantFolder(folder, "flax:jit").save_elsewhere(Elsewhere("CIFAR-10.1 v6", "x", 2000, 0.375))
    (real_settings.results / "lecture" / "abacus" / STUDY).write_text(json.dumps(study()))
    readme = real_settings.results.parent / "README.md"
    readme.write_text("before\n<!-- lenet-parity:lecture begin -->\nstale\n<!-- lenet-parity:lecture end -->\nafter\n")
    publish_markdown(real_settings.results)
    block = readme.read_text()
    assert 'src="results/lecture/abacus/lecture/seed-0/curves.svg"' in block
    assert "28% after the first epoch" in block
    assert block.startswith("before\n<!-- lenet-parity:lecture begin -->\n")
    assert block.endswith("<!-- lenet-parity:lecture end -->\nafter\n")
    assert "stale" not in block
    page = real_settings.results / "lecture" / "abacus" / "README.md"
    text = page.read_text()
    assert text.splitlines()[1] == "# The lecture, reproduced: abacus"
    assert 'src="lecture/seed-0/curves.svg"' in text
    assert "conv1.svg" not in text  # there is none
    assert text.index("### lecture, seed 0") < text.index("### lecture-100, seed 0")
    assert "| wider     | more channels  | 1,000,000" in text
    assert "Abacus, 2 cores, seed 0, commit `0123456789`" in text.replace(";", ",")
    assert "37.50% (CIFAR-10.1 v6, 2,000 images)" in text
    publish_markdown(real_settings.results)
    assert page.read_text() == text
    overview = (real_settings.results / "lecture" / "README.md").read_text()
    assert "[abacus](abacus/README.md)" in overview
    assert "28% after the first epoch" in overview
    assert all(each.count("## How verdicts come about") == 1 for each in (text, overview))
    assert "curves" not in overview
    (real_settings.results / "lecture" / "abacus" / STUDY).unlink()
    VariantFolder(folder, "flax:jit").elsewhere_path.unlink()
    publish_markdown(real_settings.results)
    assert "Another test set" not in page.read_text()
    assert "What 80 % takes" not in page.read_text()


def test_where_nothing_was_trained_as_the_lecture_does_there_is_no_page(real_settings: Settings) -> None:
    stored_runs.save(real_settings, run(RISING))
    publish_markdown(real_settings.results)
    assert write_lecture_page(real_settings.results, "abacus") is None
    assert not (real_settings.results / "lecture").exists()
    keep(real_settings, run(RISING, data_fingerprint="synthetic-x"))
    publish_markdown(real_settings.results)
    assert not list((real_settings.results / "lecture").rglob("README.md"))


def test_claims_of_which_nothing_was_measured_have_no_row(real_settings: Settings) -> None:
    keep(real_settings, run(RISING))
    page = write_lecture_page(real_settings.results, "abacus")
    assert page
    text = page.read_text()
    assert "| 28% after the first epoch " in text
    assert "| a hundred epochs bring it far above 80% " not in text
    [line] = [line for line in text.splitlines() if line.startswith("Nothing was measured here of: ")]
    assert "a hundred epochs bring it far above 80%" in line
