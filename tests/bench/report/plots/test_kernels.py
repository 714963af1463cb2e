"""Kernels are drawn as they are, on one stated scale."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
import pytest

from bench.report.plots.contact_sheet import weights_map
from bench.report.plots.kernels import Trained, conv1_figure, conv2_figure
from bench.report.plots.style import LIGHT, Theme
from impls.spec import initial_params
from made_up_figures import KERNELS, THEMES, trained, words


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
