"""The precision tracks: what computes in which dtype, where there is none, and what the ladder refuses."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import defects
import jax
import jax.numpy as jnp
import numpy as np
import pytest
import torch
from conftest import Run
from flax import nnx
from jax.extend.core import jaxprs_in_params
from test_accuracy import made

from bench.guarded import Guarded
from bench.parity.ladder import check
from bench.parity.oracle import Expected, expected
from bench.parity.rungs import RUNGS
from bench.parity.rungs.kind import Climb
from bench.report import precision as report
from bench.report.accuracy import newest
from bench.report.load import Device, Variant
from bench.report.tables import NOTHING
from impls import registry
from impls.contract import Backend
from impls.data import Split
from impls.errors import PrecisionUnavailableError
from impls.flax_lenet import LeNet
from impls.flax_nnx import Batch, loss_fn
from impls.initial import initial_params
from impls.order import epoch_order
from impls.precision import require_tf32
from impls.pytorch import PyTorch

Splits = tuple[Split, Split]
OURS = ["pytorch:eager", "pytorch:lecture", "flax:jit", "flax:scan"]


def make(name: str, precision: str) -> Backend:
    [choice] = registry.choices(name)
    return registry.load(choice)(variant=choice.variant or "", device="cpu", precision=precision)


@pytest.fixture(scope="module")
def bf16(made_up: Splits) -> Expected:
    return expected(*made_up, seed=0, batch_size=100, lr=1e-3, cache=None, precision="bf16")


# --- what computes in which dtype -----------------------------------------------------------------------------


@pytest.mark.parametrize(("precision", "layers"), [("fp32", torch.float32), ("bf16", torch.bfloat16)])
def test_pytorchs_layers_alone_are_in_bfloat16(precision: str, layers: torch.dtype, made_up: Splits) -> None:
    backend, seen = PyTorch(device="cpu", precision=precision), {}
    for name, module in backend.model.named_modules():
        module.register_forward_hook(lambda module, args, out, name=name: seen.update({name: out.dtype}))
    backend.load_params(initial_params(0))
    backend.train_epoch(backend.to_device(made_up[0]), epoch_order(0, 0, 200, 100), 1e-3)
    assert seen.pop("") == torch.float32  # the whole model's: log-probabilities
    assert set(seen.values()) == {layers}, seen
    parameters = list(backend.model.parameters())
    moments = [value for state in backend.optimizer.state.values() for value in state.values()]
    gradients = [parameter.grad for parameter in parameters]
    assert {tensor.dtype for tensor in (*parameters, *moments, *gradients) if tensor is not None} == {torch.float32}


def equations(jaxpr: Any) -> Iterator[Any]:
    """Every operation of a program, those of its parts included."""
    for equation in jaxpr.eqns:
        yield equation
        for inner in jaxprs_in_params(equation.params):
            yield from equations(inner)


@pytest.mark.parametrize("dtype", [jnp.float32, jnp.bfloat16])
def test_flaxs_products_alone_are_in_bfloat16(dtype: Any) -> None:
    """And no sum: of 78,400 ones XLA makes 1,024 in bfloat16, which a bias's gradient was that was cast as well."""
    graphdef, state = nnx.split(LeNet(rngs=nnx.Rngs(0), dtype=dtype))
    batch = Batch(jnp.zeros((100, 32, 32, 3)), jnp.zeros(100, jnp.int32))
    program = jax.make_jaxpr(jax.value_and_grad(lambda state: loss_fn(nnx.merge(graphdef, state), batch)))(state)
    dtypes: dict[str, set[Any]] = {}
    for equation in equations(program.jaxpr):
        dtypes.setdefault(equation.primitive.name, set()).update(each.aval.dtype for each in equation.invars)
    assert dtypes["dot_general"] == dtypes["conv_general_dilated"] == {jnp.dtype(dtype)}
    for name in ("reduce_sum", "exp", "log"):
        assert dtypes[name] == {jnp.dtype(jnp.float32)}, name
    assert {value.dtype for value in program.out_avals} == {jnp.dtype(jnp.float32)}


def test_flaxs_parameters_and_moments_are_float32() -> None:
    optimizer = make("flax:jit", "bf16").optimizer  # type: ignore[attr-defined]
    moments = [leaf for leaf in jax.tree.leaves(nnx.state(optimizer)) if jnp.ndim(leaf)]
    assert {leaf.dtype for leaf in moments} == {jnp.dtype(jnp.float32)}


@pytest.mark.parametrize("name", OURS)
def test_bf16_is_another_computation_but_hardly_another_result(name: str, made_up: Splits) -> None:
    found = {}
    for precision in ("fp32", "bf16"):
        backend = make(name, precision)
        backend.load_params(initial_params(0))
        found[precision] = backend.log_probs(made_up[0].images[:10])
    assert (found["bf16"] != found["fp32"]).mean() > 0.9
    np.testing.assert_allclose(found["bf16"], found["fp32"], atol=0.02)


def test_the_registry_knows_what_offers_fp32_alone() -> None:
    for name, entry in registry.BUILT_IN.items():
        alone = [c.variant for c in registry.choices(name) if registry.load(c).precisions == ("fp32",)]
        assert set(alone) == set(entry.fp32_only), name
    labels = {choice.label for choice in registry.benchmarked("cpu", "bf16")}
    assert set(OURS) <= labels
    assert not {label for label in labels if label.endswith(":tuned")}


# --- TF32 -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", OURS)
def test_tf32_on_a_cpu_is_a_sentence(name: str) -> None:
    with pytest.raises(PrecisionUnavailableError, match=r"TF32 needs an NVIDIA GPU .* this is a CPU; use --precision"):
        make(name, "tf32")


def test_tf32_needs_a_gpu_that_has_it() -> None:
    require_tf32((8, 0))
    with pytest.raises(PrecisionUnavailableError, match=r"capability 8\.0 or more, and this is one of 7\.5;"):
        require_tf32((7, 5))


def test_tf32_on_a_cpu_is_a_sentence_on_the_command_line(run: Run) -> None:
    done = run("bench.cli", "check", "pytorch", "--device", "cpu", "--precision", "tf32", "--synthetic", "200")
    assert done.returncode == 2
    assert "TF32 needs an NVIDIA GPU" in done.stderr
    assert "Traceback" not in done.stderr + done.stdout


# --- the ladder -----------------------------------------------------------------------------------------------


def test_pytorch_in_bf16_is_not_accused(bf16: Expected, made_up: Splits) -> None:
    report = check(make("pytorch:eager", "bf16"), bf16, *made_up)
    assert report.verdict == "equivalent", report.sentence


def test_flax_in_bf16_is_not_accused(bf16: Expected, made_up: Splits) -> None:
    """Up to the gradients; the rungs above take a minute to compile for, and differ in no precision."""
    backend = Guarded(make("flax:jit", "bf16"))
    resident = [backend.to_device(split) for split in (*made_up, made_up[1].head(bf16.short_test))]
    state = Climb(backend, bf16, *resident)
    for name in ("round trip", "forward", "loss", "gradients"):
        rung = RUNGS[name].climb(state)
        assert rung.status == "passed", rung.sentence


def test_bf16_under_the_name_of_fp32_is_refused(answers: Expected, made_up: Splits) -> None:
    report = check(make("pytorch:eager", "bf16"), answers, *made_up)
    assert report.first_failed_rung == "forward"
    assert "every value is a bfloat16 number" in str(report.rungs[list(RUNGS).index("forward")].causes)


DEFECTS: list[tuple[type[Backend], str, str, str]] = [
    (defects.KeepsParametersInBFloat16, "round trip", "elements of conv1.weight", "cast to fewer bits"),
    (defects.LogSoftmaxInBFloat16, "forward", "log-probabilities .* float32's bits", "log-softmax .* in bfloat16"),
    (defects.LossInBFloat16, "loss", "losses without float32's bits", "loss is computed in bfloat16"),
    (defects.StepsInBFloat16, "optimizer", "after", "a step leaves parameters in bfloat16"),
    (defects.TrainsOnALossInBFloat16, "trajectory", "losses of a whole epoch", "in bfloat16 in training alone"),
]


@pytest.mark.parametrize(("defect", "rung", "where", "cause"), DEFECTS, ids=[d[0].__name__ for d in DEFECTS])
def test_what_must_be_float32_in_bf16_too(
    defect: type[Backend], rung: str, where: str, cause: str, bf16: Expected, made_up: Splits
) -> None:
    report = check(defect(variant="float32", device="cpu", precision="bf16"), bf16, *made_up)
    assert report.first_failed_rung == rung, report.sentence
    failed = report.rungs[list(RUNGS).index(rung)]
    assert re.search(where, failed.where), failed.where
    assert any(re.search(cause, each) for each in failed.causes), failed.causes


# --- the report -----------------------------------------------------------------------------------------------


def timed(precision: str, seconds: float) -> Device:
    variant = Variant("pytorch:eager", {"epoch": {"epoch_seconds": [seconds, seconds + 1, seconds + 2]}})
    return Device("Abacus, 2 cores", precision, "cifar10-x", 0, variants={"pytorch:eager": variant})


def test_precisions_stand_beside_one_another() -> None:
    runs = {
        precision: newest([made(seed=seed, final=final + seed / 100, precision=precision) for seed in range(3)])
        for precision, final in (("bf16", 0.44), ("fp32", 0.45))
    }
    [(title, table)] = report.tables([timed("bf16", 2.0), timed("fp32", 4.0)], runs.values())
    assert title == "Precisions beside one another: Abacus, 2 cores, recipe lecture"
    assert [list(row[:3]) for row in table.rows] == [
        ["pytorch:eager", "fp32", "5.00"],
        ["pytorch:eager", "bf16", "3.00"],
    ]
    assert [row[3].split()[0] for row in table.rows] == ["46.00", "45.00"]
    assert [list(row[5:]) for row in table.rows] == [[NOTHING, NOTHING], ["-1.00 (-1.00 to -1.00)", "3"]]


def test_runs_of_other_code_are_no_pair() -> None:
    sections = [newest([made(precision="bf16", code="new")]), newest([made()])]
    [(_, table)] = report.tables([], sections)
    assert [row[5] for row in table.rows] == [NOTHING, NOTHING]


def test_one_precision_alone_has_no_such_table() -> None:
    assert not list(report.tables([timed("fp32", 4.0)], [newest([made()])]))
    [(title, table)] = report.tables([timed("fp32", 4.0), timed("bf16", 2.0)], [])
    assert title.endswith("Abacus, 2 cores")
    assert [row[3] for row in table.rows] == [NOTHING, NOTHING]
