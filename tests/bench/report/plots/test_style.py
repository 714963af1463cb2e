"""The files of a figure: readable, the same bytes every time, whole or not there."""

from __future__ import annotations

import base64
import re
import sys
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree import ElementTree

import numpy as np
import pytest
from PIL import Image

from bench.report.plots.curves import draw_curves
from bench.report.plots.kernels import conv1_figure, draw_conv1, draw_conv2
from bench.report.plots.schedules import draw_schedules
from bench.report.plots.style import DARK, LIGHT, Theme, save
from command import ROOT, finished
from figure_files import SUFFIXES
from made_up_figures import BOTH, KERNELS, SERIES

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    folder = tmp_path_factory.mktemp("figures") / "made" / "on demand"
    return [
        *draw_curves(BOTH, folder / "curves-lr-0.001"),
        *draw_conv2(KERNELS, folder / "conv2"),
        *draw_conv1(KERNELS, folder / "conv1"),
        *draw_schedules(SERIES, folder / "schedules"),
    ]


@pytest.mark.slow
def test_every_figure_is_four_files_that_can_be_read(files: list[Path]) -> None:
    expected = [f"{name}{end}" for name in ("curves-lr-0.001", "conv2", "conv1", "schedules") for end in SUFFIXES]
    assert [path.name for path in files] == expected
    assert sorted(path.name for path in files[0].parent.iterdir()) == sorted(expected)  # nothing half written
    for path in files:
        theme = DARK if "-dark" in path.name else LIGHT
        if path.suffix == ".svg":
            root = ElementTree.parse(path).getroot()
            assert root.tag == "{http://www.w3.org/2000/svg}svg"
            assert f"fill: {theme.background}" in path.read_text()
            assert "<text" not in path.read_text()  # a reader may lack the font
        else:
            with Image.open(path) as image:
                assert image.format == "PNG"
                assert min(image.size) > 600
                assert image.getpixel((1, 1)) == tuple(bytes.fromhex(theme.background[1:]))
                assert image.info == {}
            assert path.stat().st_size < 250_000
        assert b"atplotlib v" not in path.read_bytes()


@pytest.mark.slow
def test_the_same_input_gives_the_same_bytes(files: list[Path], tmp_path: Path) -> None:
    import matplotlib

    with matplotlib.rc_context({"font.size": 33, "xtick.major.size": 12, "savefig.dpi": 20}):  # a user's own taste
        again = [*draw_curves(BOTH, tmp_path / "curves"), *draw_conv2(KERNELS, tmp_path / "conv2")]
        assert matplotlib.rcParams["font.size"] == 33
    assert len(again) == 8
    assert [path.read_bytes() for path in again] == [path.read_bytes() for path in files[:8]]


@pytest.mark.slow
def test_an_svg_holds_a_kernels_own_pixels(files: list[Path]) -> None:
    [path] = [path for path in files if path.name == "conv1.svg"]
    text = path.read_text()
    pixels = [
        np.asarray(Image.open(BytesIO(base64.b64decode(found)))) for found in re.findall(r"base64,([^\"]+)", text)
    ]
    assert [each.shape[:2] for each in pixels] == [(5, 5)] * 36
    assert text.count("image-rendering:pixelated") == 36
    drawn = conv1_figure(KERNELS, LIGHT).axes[0].images
    for each, image in zip(pixels, drawn, strict=True):
        # An SVG's image may be stored upside down and be turned by its place.
        wanted = np.asarray(image.get_array())
        distance = min(np.abs(way[..., :3] / 255 - wanted).max() for way in (each, each[::-1]))
        assert distance < 1 / 255


def test_a_figure_that_cannot_be_drawn_leaves_no_file(tmp_path: Path) -> None:
    def draw(theme: Theme) -> Figure:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        save(draw, tmp_path / "figure")
    assert list(tmp_path.iterdir()) == []


def test_matplotlib_is_imported_by_who_draws_alone() -> None:
    modules = [path.stem for path in (ROOT / "bench" / "report" / "plots").glob("*.py")]
    assert "curves" in modules
    code = "import sys\n" + "".join(f"import bench.report.plots.{name}\n" for name in modules)
    code += "print([name for name in ('matplotlib', 'torch', 'jax') if name in sys.modules])"
    found = finished([sys.executable, "-c", code])
    assert found.returncode == 0, found.stderr
    assert found.stdout.strip() == "[]"
