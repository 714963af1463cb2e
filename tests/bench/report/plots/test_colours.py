"""The colours of figures stand out, and are told apart by colour-blind eyes."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest

from bench.report.plots.kernels import conv2_figure
from bench.report.plots.style import DARK, LIGHT, Theme
from made_up_figures import KERNELS, THEMES


def rgb(colour: str) -> np.ndarray:
    return np.array([int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)])


def linear(colour: np.ndarray) -> np.ndarray:
    """Of sRGB, IEC 61966-2-1."""
    return np.where(colour <= 0.04045, colour / 12.92, ((colour + 0.055) / 1.055) ** 2.4)


def contrast(one: str, other: str) -> float:
    """WCAG 2's contrast ratio."""
    dark, light = sorted(float(linear(rgb(c)) @ (0.2126, 0.7152, 0.0722)) for c in (one, other))
    return (light + 0.05) / (dark + 0.05)


def lab(colour: np.ndarray) -> np.ndarray:
    """CIELAB, D65, of linear RGB."""
    to_xyz = [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]]
    xyz = np.array(to_xyz) @ np.clip(colour, 0, 1) / (0.95047, 1, 1.08883)
    x, y, z = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


# Machado, Oliveira & Fernandes (2009), severity 1; of linear RGB.
EYES = {
    "any": np.eye(3),
    "protanopia": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
    "deuteranopia": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
}


APART = 60
"""In CIELAB; what nobody takes for the same hue."""


def distance(one: str, other: str, eyes: str) -> float:
    a, b = (lab(EYES[eyes] @ linear(rgb(colour))) for colour in (one, other))
    return math.dist(a, b)


@THEMES
def test_ink_and_lines_stand_out_from_the_background(theme: Theme) -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast(theme.ink, theme.background) >= 7
    for colour in (theme.pytorch, theme.flax, *theme.others):
        assert contrast(colour, theme.background) >= 3, colour
    # The grid is seen and does not shout.
    assert 1.2 < contrast(theme.faint, theme.background) < 2


@THEMES
@pytest.mark.parametrize("eyes", EYES)
def test_the_two_frameworks_are_told_apart_by_colour_blind_eyes(theme: Theme, eyes: str) -> None:
    assert distance(theme.pytorch, theme.flax, eyes) > APART
    assert len(theme.others) > 1
    for one, other in itertools.combinations(theme.others, 2):
        assert distance(one, other, eyes) > APART / 3, (one, other)


def test_red_and_green_would_not_have_been_told_apart() -> None:
    assert distance("#d62728", "#2ca02c", "any") > APART
    assert distance("#d62728", "#2ca02c", "protanopia") < APART
    assert distance("#d62728", "#2ca02c", "deuteranopia") < APART / 3


def test_a_hue_is_the_same_in_both_themes() -> None:
    for one, other in ((LIGHT.pytorch, DARK.pytorch), (LIGHT.flax, DARK.flax)):
        (_, *a), (_, *b) = lab(linear(rgb(one))), lab(linear(rgb(other)))
        assert abs(math.atan2(a[1], a[0]) - math.atan2(b[1], b[0])) < math.radians(25)


@THEMES
def test_zero_is_the_neutral_middle_and_what_is_farther_from_it_stands_out_more(theme: Theme) -> None:
    image = conv2_figure(KERNELS, theme).axes[0].images[0]
    zero, middle = image.to_rgba(np.zeros((1, 1)))[0, 0, :3], theme.weights[len(theme.weights) // 2]
    np.testing.assert_allclose(zero, rgb(middle), atol=1e-9)
    assert np.ptp(zero) < 0.05
    assert contrast(middle, theme.background) < 1.5
    colours = image.get_cmap()(np.linspace(0, 1, 101))[:, :3]
    lightness = np.array([lab(linear(colour))[0] for colour in colours])
    away = np.sign(lightness[0] - lightness[50])
    assert (away * np.diff(lightness[:51]) < 0).all()
    assert (away * np.diff(lightness[50:]) > 0).all()
    # Negative is blue and positive is red, of the same weight.
    assert colours[20, 2] > colours[20, 0]
    assert colours[80, 0] > colours[80, 2]
    assert abs(lightness[:50] - lightness[:50:-1]).max() < 6
