"""The page of results has a section of accuracy over seeds, made from stored runs alone."""

from __future__ import annotations

from dataclasses import replace

from bench.base.settings import Settings
from bench.report.pages import write_page
from bench.training import store
from paired_runs import BASE, FLAX, TWIN


def test_a_section_of_the_page_is_made_from_the_stored_runs_alone(settings: Settings) -> None:
    real = replace(settings, synthetic=0)
    for run in (*BASE, *TWIN, *FLAX):
        store.save(real, run)
    text = write_page(settings.results, settings.machine).read_text()
    assert "## Accuracy over 3 seeds: Abacus, 2 cores, fp32, recipe lecture\n" in text
    assert "+0.20 (-0.05 to +0.45)" in text
    assert "less than pytorch:eager differs from itself" in text
    assert "python 3.11.7, pytorch 2.14.1, flax 2.14.1\n" in text
    assert write_page(settings.results, settings.machine).read_text() == text
    assert "specification" not in text


def test_the_section_says_by_which_specification_its_runs_are(settings: Settings) -> None:
    real = replace(settings, synthetic=0)
    for run in (*BASE, *TWIN, *FLAX):
        store.save(real, replace(run, spec=2, suite="0.1.0"))
    assert "\n- specification 2, lenet-parity 0.1.0\n" in write_page(settings.results, settings.machine).read_text()
