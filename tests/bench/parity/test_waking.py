"""Which elements no rounding gives a gradient: never those that a program of the precision gives one."""

from __future__ import annotations

import pytest

from bench.parity import noise
from bench.parity.cases import ZERO, make
from bench.parity.oracle import Expected
from bench.parity.waking import never_has_gradient
from impls.reference import network


@pytest.mark.slow
@pytest.mark.parametrize("precision", ["tf32", "bf16"])
def test_what_never_has_a_gradient_has_none_in_any_program(precision: str, answers: Expected) -> None:
    woken = 0
    for name in ("first batch", "batch of one", ZERO):
        case = answers.case(name)
        case = make(name, case.params, case.indices, case.images, case.labels, precision)
        never = never_has_gradient(case)
        for program, matmul in noise.programs(case.params, precision, seed=1):
            _, a = network.forward(program, case.images, matmul)
            for key, grad in network.backward(program, a, case.labels, matmul).items():
                assert not grad[never[key]].any(), f"{key}, {name}"
                woken += int(((grad != 0) & (case.grads[key] == 0)).sum())
        if name == ZERO:  # its planted units are off in every arithmetic, so that a decay shows there
            assert never["fc2.weight"][:, 0].all()
    assert woken or precision == "tf32", "no program woke a unit: the test shows nothing"
