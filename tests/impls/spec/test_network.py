"""The network has the lecture's shapes and numbers of parameters."""

from impls.spec import (
    PARAMETER_SHAPES,
    PARAMETERS_TOTAL,
    PARAMETERS_TOTAL_GREY,
    fan_in,
    parameter_counts,
)


def test_counts_are_the_lectures() -> None:
    assert PARAMETERS_TOTAL == 62_006
    assert PARAMETERS_TOTAL_GREY == 61_706


def test_colour_costs_300_parameters_all_in_conv1() -> None:
    colour, grey = parameter_counts(), parameter_counts(channels=1)
    assert {name: colour[name] - grey[name] for name in colour if colour[name] != grey[name]} == {"conv1.weight": 300}


def test_shapes_are_those_of_the_lectures_layers() -> None:
    assert PARAMETER_SHAPES["conv1.weight"] == (6, 3, 5, 5)
    assert PARAMETER_SHAPES["fc1.weight"] == (120, 16 * 5 * 5)


def test_fan_in() -> None:
    assert fan_in("conv1.bias") == 75
    assert fan_in("conv2.weight") == 150
    assert fan_in("fc2.weight") == 120
