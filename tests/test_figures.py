"""Figures: what is drawn is what was trained, and can be read by everybody."""

from __future__ import annotations

import base64
import itertools
import re
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

import numpy as np
import pytest
from conftest import ROOT
from PIL import Image
from test_accuracy import made

from bench.lecture.facts import HUNDRED_EPOCHS_ACCURACY
from bench.report.figures.axes import circumstances, epoch_ticks, run_labels
from bench.report.figures.contact_sheet import weights_map
from bench.report.figures.curves import curves_figure, draw_curves
from bench.report.figures.kernels import Trained, conv1_figure, conv2_figure, draw_conv1, draw_conv2
from bench.report.figures.schedules import draw_schedules, schedules_figure
from bench.report.figures.style import DARK, LIGHT, Theme, save
from bench.training_run import TrainingRun
from impls.initial import initial_params
from impls.recipe import RECIPES

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.text import Text

THEMES = pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])


def run_of(epochs: int, label: str = "pytorch:eager", top: float = 0.46, **fields: Any) -> TrainingRun:
    """A made-up run that saturates, as the lecture's does."""
    rise = 1 - np.exp(-np.arange(epochs) / (epochs / 3.5))
    losses, accuracies = 2.12 - 0.6 * rise, 0.285 + (top - 0.285) * rise
    return made(label, losses=losses.tolist(), accuracy_per_epoch=accuracies.tolist(), **fields)


def hundred(label: str = "pytorch:eager", top: float = 0.64, **fields: Any) -> TrainingRun:
    return run_of(100, label, top, **{"recipe": "lecture-100"} | fields)


def trained(label: str = "pytorch:eager", epochs: int = 10, by: float = 0.05, seed: int = 1) -> Trained:
    before, rng = initial_params(0), np.random.default_rng(seed)
    after = {name: p + rng.normal(0, by, p.shape).astype(np.float32) for name, p in before.items()}
    return Trained(label, epochs, before, after)


BOTH = [run_of(10), run_of(10, "flax:jit", 0.458)]
KERNELS = [trained(), trained("flax:jit", by=0.08, seed=2)]
SERIES = {
    "constant 1e-4": [hundred(top=top, seed=i) for i, top in enumerate((0.63, 0.64, 0.65))],
    "halved every 10 epochs, from 1e-4": [hundred(top=0.52, recipe="lecture-100-halving")],
}

FIGURES: dict[str, Callable[[Theme], Figure]] = {
    "1 epoch": lambda theme: curves_figure([run_of(1), run_of(1, "flax:jit", 0.3)], theme),
    "10 epochs": lambda theme: curves_figure(BOTH, theme),
    "12 epochs": lambda theme: curves_figure([run_of(12, recipe="lecture-100")], theme),
    "40 epochs": lambda theme: curves_figure([run_of(40, top=0.55, recipe="lecture-100")], theme),
    "100 epochs": lambda theme: curves_figure([hundred(), hundred("flax:jit", 0.639)], theme),
    "unfinished": lambda theme: curves_figure([run_of(10), run_of(4, "flax:jit", 0.4)], theme),
    "seeds": lambda theme: curves_figure(
        [run_of(10, b, 0.42 + s / 100, seed=s) for b in LABELS for s in (0, 1)], theme
    ),
    "long names": lambda theme: curves_figure(LONG_NAMES, theme),
    "worse than the lecture": lambda theme: curves_figure([hundred(top=0.48), hundred("flax:jit", 0.6)], theme),
    "at once": lambda theme: curves_figure([made(accuracy_per_epoch=[0.45] * 10, losses=[1.5] * 10)], theme),
    "schedules": lambda theme: schedules_figure(SERIES, theme),
    "conv1": lambda theme: conv1_figure(KERNELS, theme),
    "conv1 alone": lambda theme: conv1_figure(KERNELS[:1], theme),
    "conv1 of three": lambda theme: conv1_figure([*KERNELS, trained("mine:Class:fast", 1)], theme),
    "conv2": lambda theme: conv2_figure(KERNELS, theme),
    "conv2 alone": lambda theme: conv2_figure(KERNELS[:1], theme),
}
LABELS = ("pytorch:eager", "flax:jit", "a.module.far.down:OfAClassWithALongName:variant")
LONG_NAMES = [run_of(10, b, device_name="NVIDIA H100 80GB HBM3 in a machine of some renown, 16 cores") for b in LABELS]


@cache
def laid_out(name: str, theme: Theme = LIGHT) -> Figure:
    """One of `FIGURES` as `save` draws it, with everything in its place."""
    import matplotlib
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    with matplotlib.rc_context():
        matplotlib.rcdefaults()
        matplotlib.rcParams.update(theme.rc)
        figure = FIGURES[name](theme)
        FigureCanvasAgg(figure).draw()
    return figure


def lines(axes: Axes) -> list[Any]:
    """Those of the runs, without the lecture's marks."""
    return [line for line in axes.lines if line.get_gid() is None]


def marks(axes: Axes) -> dict[str, tuple[float, ...]]:
    """The lecture's, by name, and at which percentage."""
    return {str(m.get_gid()): tuple(m.get_ydata()) for m in axes.lines if m.get_gid()}


def words(axes: Axes) -> list[str]:
    return [text.get_text() for text in axes.texts]


def shown_texts(figure: Figure) -> list[Text]:
    """All that can be read, but for ticks' labels beyond their axis."""
    from matplotlib.text import Text

    found: list[Any] = list(figure.texts)
    found += [text for legend in figure.legends for text in legend.get_texts()]
    for axes in figure.axes:
        found += [*(child for child in axes.get_children() if isinstance(child, Text)), axes.xaxis.label]
        if not axes.axison:
            continue
        for axis in (axes.xaxis, axes.yaxis):
            low, high = sorted(axis.get_view_interval())
            found += [t.label1 for t in axis.get_major_ticks() if low <= t.get_loc() <= high]
    return [text for text in found if text and text.get_text()]


def box_of(text: Text) -> Any:
    """Of the words alone, without the thin line that an annotation may have."""
    from matplotlib.text import Text

    return Text.get_window_extent(text)


# --- files ------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    folder = tmp_path_factory.mktemp("figures") / "made" / "on demand"
    return [
        *draw_curves(BOTH, folder / "curves-lr-0.001"),
        *draw_conv2(KERNELS, folder / "conv2"),
        *draw_conv1(KERNELS, folder / "conv1"),
        *draw_schedules(SERIES, folder / "schedules"),
    ]


def test_every_figure_is_four_files_that_can_be_read(files: list[Path]) -> None:
    expected = [f"{name}{end}" for name in ("curves-lr-0.001", "conv2", "conv1", "schedules") for end in ENDS]
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


ENDS = (".svg", ".png", "-dark.svg", "-dark.png")


def test_the_same_input_gives_the_same_bytes(files: list[Path], tmp_path: Path) -> None:
    import matplotlib

    with matplotlib.rc_context({"font.size": 33, "xtick.major.size": 12, "savefig.dpi": 20}):  # a user's own taste
        again = [*draw_curves(BOTH, tmp_path / "curves"), *draw_conv2(KERNELS, tmp_path / "conv2")]
        assert matplotlib.rcParams["font.size"] == 33
    assert [path.read_bytes() for path in again] == [path.read_bytes() for path in files[:8]]


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
    modules = [path.stem for path in (ROOT / "bench" / "report" / "figures").glob("*.py")]
    assert "curves" in modules
    code = "import sys\n" + "".join(f"import bench.report.figures.{name}\n" for name in modules)
    code += "print([name for name in ('matplotlib', 'torch', 'jax') if name in sys.modules])"
    found = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"


# --- what is drawn ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("epochs", [1, 2, 10, 100])
def test_curves_are_the_runs_figures(epochs: int) -> None:
    runs = [run_of(epochs), run_of(epochs, "flax:jit", 0.45), run_of(epochs, "reference:float32", 0.44)]
    losses, accuracies = curves_figure(runs, LIGHT).axes
    for run, loss, accuracy in zip(runs, lines(losses), lines(accuracies), strict=True):
        assert list(loss.get_xdata()) == list(accuracy.get_xdata()) == list(range(1, epochs + 1))
        assert list(loss.get_ydata()) == run.losses
        assert list(accuracy.get_ydata()) == [100 * a for a in run.accuracy_per_epoch]
        # A single epoch has no line, a hundred markers would be one.
        assert (loss.get_marker() != "None") == (accuracy.get_marker() != "None") == (epochs <= 20)
    ticks = [int(tick) for tick in accuracies.get_xticks()]
    assert ticks[0] == 1
    assert ticks[-1] == epochs
    low, high = accuracies.get_ylim()
    assert high - low > 7.9  # a tenth of a percent must not look like a gulf


def test_ticks_are_whole_epochs_and_few() -> None:
    assert epoch_ticks(1) == [1]
    assert epoch_ticks(10) == list(range(1, 11))
    assert epoch_ticks(30) == [1, 5, 10, 15, 20, 25, 30]
    assert epoch_ticks(100) == [1, *range(10, 101, 10)]
    for epochs in (13, 57, 101, 999, 12345, 10**6):
        ticks = epoch_ticks(epochs)
        assert ticks == sorted(set(ticks))
        assert 1 < len(ticks) <= 12
        assert ticks[-1] <= epochs


def test_an_unfinished_run_is_a_shorter_line() -> None:
    figure = curves_figure([run_of(10), run_of(4, "flax:jit", 0.4)], LIGHT)
    for axes in figure.axes:
        assert [len(line.get_xdata()) for line in lines(axes)] == [10, 4]
        assert [int(tick) for tick in axes.get_xticks()] == list(range(1, 11))


def test_titles_and_legends_say_what_is_drawn() -> None:
    figure = curves_figure(BOTH, LIGHT)
    assert figure.get_suptitle() == "LeNet on CIFAR-10: recipe lecture on Abacus, 2 cores, seed 0"
    [legend] = figure.legends
    assert [text.get_text() for text in legend.get_texts()] == ["pytorch:eager", "flax:jit"]
    synthetic = [run_of(2, recipe="lecture[:2]", precision="bf16", data_fingerprint="synthetic-x")]
    text = " ".join(curves_figure(synthetic, LIGHT).get_suptitle().split())
    assert text == "LeNet on made-up images: recipe lecture[:2] on Abacus, 2 cores, bf16, seed 0"


def test_runs_of_a_label_are_told_apart_by_what_they_differ_in() -> None:
    assert run_labels(BOTH) == ["pytorch:eager", "flax:jit"]
    seeds = [made(seed=0), made(seed=1), made("flax:jit", 1), made(seed=0, twin=True)]
    assert run_labels(seeds) == ["pytorch:eager, seed 0", "pytorch:eager, seed 1", "flax:jit", "pytorch:eager twin"]
    assert run_labels([made(), made(recipe="lecture-100", device_name="Abacus, 4 cores")]) == [
        "pytorch:eager, lecture, Abacus, 2 cores",
        "pytorch:eager, lecture-100, Abacus, 4 cores",
    ]
    assert circumstances(seeds) == "Abacus, 2 cores, seeds 0, 1"
    assert circumstances([made(seed=seed) for seed in range(5)]) == "Abacus, 2 cores, seeds 0–4"


# --- the lecture's marks ----------------------------------------------------------------------------------------


def test_the_lecture_is_marked_where_a_run_begins_as_it_does() -> None:
    for recipe, run_epochs in (("lecture", 10), ("lecture-100", 100), ("lecture-100-halving", 100)):
        losses, accuracies = curves_figure([run_of(run_epochs, recipe=recipe)], LIGHT).axes
        found = marks(accuracies)
        assert found["lecture-first"] == (pytest.approx(28),)
        assert found["lecture-last"] == (pytest.approx(45),)
        positions = {m.get_gid(): list(m.get_xdata()) for m in accuracies.lines if m.get_gid() in found}
        assert positions["lecture-first"] == [1]
        assert positions["lecture-last"] == [10]
        assert {"lecture: 28 %", "lecture: 45 % or more"} <= set(words(accuracies))
        assert not marks(losses)


@pytest.mark.parametrize(
    "fields",
    [
        {"recipe": "lecture-lr-0.001"},
        {"recipe": "lecture-flax-initial"},
        {"recipe": "lecture-lr-0.001-flax-initial"},
        {"recipe": "lecture-lr-0.001[:10]"},
        {"recipe": "somebody's own"},
        {"data_fingerprint": "synthetic-x"},
    ],
)
def test_the_lecture_is_not_marked_on_what_begins_otherwise(fields: dict[str, Any]) -> None:
    accuracies = curves_figure([run_of(10, **fields)], LIGHT).axes[1]
    assert marks(accuracies) == {}
    assert words(accuracies) == []
    # One that does is reason enough, though.
    assert marks(curves_figure([run_of(10, **fields), run_of(1)], LIGHT).axes[1]).keys() == {"lecture-first"}


def test_the_recipes_that_the_marks_are_tried_on_exist() -> None:
    assert {"lecture-100-halving", "lecture-lr-0.001", "lecture-flax-initial", "lecture-lr-0.001-flax-initial"} <= set(
        RECIPES
    )


def test_an_epoch_that_no_run_has_is_not_marked() -> None:
    assert marks(curves_figure([run_of(9, recipe="lecture[:9]")], LIGHT).axes[1]).keys() == {"lecture-first"}
    assert marks(curves_figure([run_of(1)], LIGHT).axes[1]).keys() == {"lecture-first"}
    assert "lecture-last" in marks(curves_figure([run_of(4), run_of(10)], LIGHT).axes[1])


@pytest.mark.parametrize(("epochs", "top"), [(99, 0.6), (100, 0.6), (100, 0.9)])
def test_eighty_percent_is_a_line_over_a_hundred_epochs(epochs: int, top: float) -> None:
    axes = curves_figure([run_of(epochs, top=top, recipe="lecture-100")], LIGHT).axes[1]
    assert ("lecture-hundred" in marks(axes)) == ("lecture: 80 % after 100 epochs" in words(axes)) == (epochs == 100)
    if epochs == 100:
        assert marks(axes)["lecture-hundred"] == (pytest.approx(80),) * 2
        low, high = axes.get_ylim()
        assert low < 28
        assert high > max(80, 100 * top)


# --- schedules --------------------------------------------------------------------------------------------------


def test_a_schedule_is_the_mean_of_its_runs_and_a_band_around_it() -> None:
    [axes] = schedules_figure(SERIES, LIGHT).axes
    table = 100 * np.array([run.accuracy_per_epoch for run in SERIES["constant 1e-4"]])
    mean, alone = lines(axes)
    np.testing.assert_allclose(mean.get_ydata(), table.mean(axis=0))
    np.testing.assert_allclose(alone.get_ydata(), 100 * np.array(SERIES[alone.get_label()][0].accuracy_per_epoch))
    [band] = axes.collections  # where there is one run there is none
    [path] = band.get_paths()
    corners = np.asarray(path.vertices)
    for epoch in (1, 50, 100):
        there = corners[corners[:, 0] == epoch, 1]
        assert there.min() == pytest.approx(table[:, epoch - 1].min())
        assert there.max() == pytest.approx(table[:, epoch - 1].max())
    assert marks(axes) == {"lecture-hundred": (pytest.approx(100 * HUNDRED_EPOCHS_ACCURACY),) * 2}
    assert axes.get_ylim()[1] > 80


def test_the_legend_of_schedules_is_the_mappings_keys() -> None:
    figure = schedules_figure(SERIES, LIGHT)
    [legend] = figure.legends
    assert [text.get_text() for text in legend.get_texts()] == list(SERIES)
    assert "bands" in figure.axes[0].get_title(loc="left")
    single = schedules_figure({"constant": [hundred()]}, LIGHT)
    assert single.axes[0].get_title(loc="left") == "pytorch:eager on Abacus, 2 cores, seed 0"


def test_a_mean_ends_where_the_shortest_of_its_runs_does() -> None:
    runs = [hundred(seed=0), run_of(30, recipe="lecture-100", seed=1)]
    [line] = lines(schedules_figure({"constant": runs}, LIGHT).axes[0])
    assert list(line.get_xdata()) == list(range(1, 31))
    expected = 50 * (np.array(runs[0].accuracy_per_epoch[:30]) + np.array(runs[1].accuracy_per_epoch))
    np.testing.assert_allclose(line.get_ydata(), expected)


# --- kernels ----------------------------------------------------------------------------------------------------


def shown(trained: Sequence[Trained], pick: Callable[[dict[str, np.ndarray]], np.ndarray]) -> list[np.ndarray]:
    """Weights in the order in which they are to be seen: block by block, row by row."""
    found: list[np.ndarray] = []
    for one in trained:
        before, after = pick(one.before).astype(np.float64), pick(one.after).astype(np.float64)
        found += [*before, *after, *(after - before)]
    return found


@THEMES
@pytest.mark.parametrize("count", [1, 2, 3])
def test_conv1_is_half_and_half_the_weight_over_one_scale(theme: Theme, count: int) -> None:
    several = [*KERNELS, trained("mine:Class:fast", 10, by=0.2)][:count]
    weights = shown(several, lambda params: params["conv1.weight"])
    scale = max(np.abs(each).max() for each in weights)
    images = conv1_figure(several, theme).axes[0].images
    assert len(images) == len(weights) == 18 * count
    for image, w in zip(images, weights, strict=True):
        drawn = np.asarray(image.get_array())
        assert drawn.shape == (5, 5, 3)
        for channel in range(3):
            np.testing.assert_allclose(drawn[..., channel], 0.5 + w[channel] / (2 * scale), atol=1e-12)
        assert image.get_interpolation() == "none"
    extremes = [np.asarray(image.get_array()) for image in images]
    assert min(e.min() for e in extremes) == pytest.approx(0) or max(e.max() for e in extremes) == pytest.approx(1)


def test_the_scale_is_stated() -> None:
    weights = shown(KERNELS, lambda params: params["conv1.weight"])
    scale = f"{max(np.abs(each).max() for each in weights):.2g}"
    text = " ".join(words(conv1_figure(KERNELS, LIGHT).axes[0])[-1].split())
    assert text == (
        f"Weights from −{scale} (black) to +{scale} (full colour); mid-grey is 0; the same scale everywhere."
    )
    weights = shown(KERNELS, lambda params: params["conv2.weight"][0])
    scale = f"{max(np.abs(each).max() for each in weights):.2g}"
    bar = conv2_figure(KERNELS, LIGHT).axes[1]
    assert [tick.get_text() for tick in bar.get_xticklabels()] == [f"−{scale}", "0", f"+{scale}"]


@THEMES
def test_conv2_is_its_first_kernel_on_one_scale(theme: Theme) -> None:
    weights = shown(KERNELS, lambda params: params["conv2.weight"][0])
    scale = max(np.abs(each).max() for each in weights)
    axes, bar = conv2_figure(KERNELS, theme).axes
    for image, w in zip(axes.images, weights, strict=True):
        np.testing.assert_array_equal(np.asarray(image.get_array()), w)
    for image in (*axes.images, *bar.images):
        assert image.get_clim() == (pytest.approx(-scale), pytest.approx(scale))
        assert image.get_cmap() == weights_map(theme)
    [gradient] = bar.images
    values = np.asarray(gradient.get_array())[0]
    assert (values[0], values[len(values) // 2], values[-1]) == pytest.approx((-scale, 0, scale))


def test_the_same_weights_have_the_same_colours_in_every_block() -> None:
    for figure in (conv1_figure(KERNELS, LIGHT), conv2_figure(KERNELS, LIGHT)):
        images = [np.asarray(image.get_array()) for image in figure.axes[0].images]
        before = [images[i : i + 6] for i in (0, 18)]  # both started from the same parameters
        np.testing.assert_array_equal(*before)
        assert any((a != b).any() for a, b in zip(images[6:12], images[24:30], strict=True))


def test_untrained_and_empty_kernels_can_be_drawn() -> None:
    zero = {name: np.zeros_like(p) for name, p in initial_params(0).items()}
    image = conv1_figure([Trained("pytorch:eager", 0, zero, zero)], LIGHT).axes[0].images[0]
    assert (np.asarray(image.get_array()) == 0.5).all()
    assert len(conv2_figure([Trained("pytorch:eager", 0, zero, zero)], LIGHT).axes[0].images) == 18


def test_rows_say_after_how_many_epochs() -> None:
    assert {"before", "after 10 epochs", "difference", "flax:jit"} <= set(words(conv1_figure(KERNELS, LIGHT).axes[0]))
    assert "after 1 epoch" in words(conv2_figure([trained(epochs=1)], LIGHT).axes[0])
    mixed = words(conv1_figure([KERNELS[0], replace(KERNELS[1], epochs=1)], LIGHT).axes[0])
    assert {"pytorch:eager, 10 epochs", "after training", "flax:jit, 1 epoch"} <= set(mixed)


# --- readable by everybody ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", FIGURES)
def test_no_text_leaves_the_figure_or_covers_another(name: str) -> None:
    figure = laid_out(name)
    width, height = figure.bbox.width, figure.bbox.height
    boxes = [(text.get_text(), box_of(text)) for text in shown_texts(figure)]
    assert len(boxes) > 8
    for text, box in boxes:
        assert box.x0 >= 0, text
        assert box.x1 <= width, text
        assert box.y0 >= 0, text
        assert box.y1 <= height, text
    for (text, box), (other, its) in itertools.combinations(boxes, 2):
        apart = box.x1 <= its.x0 or its.x1 <= box.x0 or box.y1 <= its.y0 or its.y1 <= box.y0
        assert apart, f"{text!r} and {other!r}"


@pytest.mark.parametrize("name", [name for name in FIGURES if "conv" not in name])
def test_a_long_legend_takes_nothing_from_the_curves(name: str) -> None:
    figure = laid_out(name)
    for axes in figure.axes:
        assert axes.get_window_extent().height > 2.3 * figure.dpi


@pytest.mark.parametrize("name", [name for name in FIGURES if "conv" not in name])
def test_no_mark_of_the_lecture_is_cut_off(name: str) -> None:
    for axes in laid_out(name).axes:
        for mark in axes.lines:
            if mark.get_gid() in ("lecture-first", "lecture-last"):
                box, its = mark.get_window_extent(), axes.get_window_extent()
                assert its.y0 - 1 <= box.y0
                assert box.y1 <= its.y1 + 1


@pytest.mark.parametrize("name", [name for name in FIGURES if "conv" not in name])
def test_no_text_covers_a_curve(name: str) -> None:
    for axes in laid_out(name).axes:
        for line in lines(axes):
            data = line.get_transform().transform(line.get_xydata())
            along = np.linspace(0, len(data) - 1, 50 * len(data))
            points = np.stack([np.interp(along, range(len(data)), data[:, i]) for i in (0, 1)], axis=1)
            for text in axes.texts:
                box = box_of(text)
                inside = (points > (box.x0, box.y0)).all(axis=1) & (points < (box.x1, box.y1)).all(axis=1)
                assert not inside.any(), text.get_text()
