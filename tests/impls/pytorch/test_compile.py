"""The compiled step trains as eager does, and compiles once."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import pytest
import torch

from as_eager import assert_trains_as_eager_does
from impls.data import Split
from impls.errors import DeviceUnavailableError
from impls.pytorch.compile import PyTorchCompile
from needs import needs_gpu

needs_compiler = pytest.mark.skipif(not shutil.which("g++"), reason="torch.compile needs g++, and there is none")


@pytest.fixture(scope="module")
def compiled() -> Iterator[PyTorchCompile]:
    yield PyTorchCompile()
    torch._dynamo.reset()


@pytest.mark.slow
@needs_compiler
def test_the_compiled_step_trains_as_eager_does_and_no_rate_compiles_anew(
    compiled: PyTorchCompile, made_up: tuple[Split, Split]
) -> None:
    torch._dynamo.utils.counters.clear()
    assert_trains_as_eager_does(compiled, made_up[0], batches=(100,))
    # The step, and the forward pass over the split; compiling takes most of a minute.
    assert torch._dynamo.utils.counters["stats"]["unique_graphs"] == 2


@needs_gpu
@pytest.mark.gpu
def test_the_compiled_step_on_a_gpu_is_a_cuda_graph(made_up: tuple[Split, Split]) -> None:
    torch._dynamo.utils.counters.clear()
    assert_trains_as_eager_does(PyTorchCompile(device="cuda"), made_up[0])
    assert not torch._dynamo.utils.counters["inductor"]["cudagraph_skips"]


@pytest.mark.parametrize(
    ("variable", "device"), [("CXX", "cpu"), pytest.param("CC", "cuda", marks=[needs_gpu, pytest.mark.gpu])]
)
def test_no_compiler_is_a_sentence(variable: str, device: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(variable, "no-such-compiler")
    with pytest.raises(DeviceUnavailableError, match="there is no no-such-compiler here; install one"):
        PyTorchCompile(device=device)
    monkeypatch.delenv(variable)
    monkeypatch.setenv("PATH", "")
    with pytest.raises(DeviceUnavailableError, match=rf"there is no g.* or name it in the environment's {variable}"):
        PyTorchCompile(device=device)
