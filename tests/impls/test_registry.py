"""The registry finds a backend by its name, and says what is wrong with a name."""

from __future__ import annotations

from pathlib import Path

import pytest

from impls import registry
from impls.errors import UnknownBackendError
from our_backends import IN_EVERY_PRECISION


def test_listed_variants_are_the_classes_own() -> None:
    assert registry.BUILT_IN
    for name, entry in registry.BUILT_IN.items():
        classes = list(dict.fromkeys(registry.load(choice) for choice in registry.choices(name)))
        assert {cls.name for cls in classes} == {name}
        assert tuple(variant for cls in classes for variant in cls.variants) == entry.variants


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("pytroch", "There is no backend 'pytroch'; did you mean pytorch"),
        ("pytorch:compiled", "pytorch has no variant 'compiled'; it has eager, .*compile"),
        ("nosuch.module:Thing", "The module nosuch.module does not import .* is its framework installed"),
        ("fakes:NotABackend", "fakes:NotABackend is not a subclass of impls.contract.Backend"),
        ("fakes:Soud", "The module fakes has no Soud; did you mean Sound?"),
        ("impls.pytorch.eager:PyTorch:lecture", "impls.pytorch.eager:PyTorch has no variant 'lecture'; it has eager"),
        ("fakes:Sound:float16", "fakes:Sound has no variant 'float16'; it has float32, float64"),
    ],
)
def test_unknown_backends_are_a_sentence(name: str, sentence: str) -> None:
    with pytest.raises(UnknownBackendError, match=sentence):
        registry.load(registry.choices(name)[0])


def test_a_class_that_lacks_a_method_is_named() -> None:
    with pytest.raises(UnknownBackendError, match="fakes:LacksMethods lacks .*predict"):
        registry.load(registry.choices("fakes:LacksMethods")[0])


def test_a_third_partys_variants_can_be_chosen() -> None:
    [choice] = registry.choices("fakes:Sound:float64")
    assert (choice.label, choice.variant) == ("fakes:Sound:float64", "float64")
    [default] = registry.choices("fakes:Sound")
    assert default.variant is None


def test_the_registry_knows_what_offers_fp32_alone() -> None:
    assert registry.BUILT_IN
    for name, entry in registry.BUILT_IN.items():
        alone = [c.variant for c in registry.choices(name) if registry.load(c).precisions == ("fp32",)]
        assert set(alone) == set(entry.fp32_only), name
    labels = {choice.label for choice in registry.benchmarked("cpu", "bf16")}
    assert set(IN_EVERY_PRECISION) <= labels
    assert not {label for label in labels if label.endswith(":tuned")}


def test_a_run_has_them_unasked_on_a_gpu_only() -> None:
    on_cpu, on_gpu = ({choice.label for choice in registry.benchmarked(device)} for device in ("cpu", "cuda"))
    assert on_gpu - on_cpu == {"pytorch:cudagraph", "pytorch:compile"}
    assert "pytorch:eager" in on_cpu & on_gpu
    assert {choice.variant for choice in registry.choices("pytorch")} >= {"cudagraph", "compile"}


def test_what_is_not_installed_is_named_without_an_import(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry.importlib.util, "find_spec", lambda name: None)
    [eager] = registry.choices("pytorch:eager")
    [scan] = registry.choices("flax:scan")
    assert registry.lacking(eager) == "torch and torchvision are not installed"
    assert registry.lacking(scan) == "jax, flax and optax are not installed"
    assert registry.lacking(registry.choices("reference")[0]) is None


def test_a_module_that_needs_another_package_is_told_to_install_that(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "needs_nosuch.py").write_text("import nosuch.part\n")
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(UnknownBackendError, match=r"No module named 'nosuch'\); install nosuch, or put its folder"):
        registry.load(registry.choices("needs_nosuch:Mine")[0])


@pytest.mark.slow
def test_devices_listed_are_those_of_the_classes() -> None:
    for name, entry in registry.BUILT_IN.items():
        for choice in registry.choices(name):
            assert registry.devices_of(choice) == registry.load(choice).devices, choice.label
            assert entry.only.get(choice.variant or "", entry.devices[0]) in registry.devices_of(choice)


def test_another_device_is_benchmarked_with_what_runs_on_it() -> None:
    def labels(device: str) -> set[str]:
        return {choice.label for choice in registry.benchmarked(device)}

    assert {"pytorch:eager", "pytorch:lecture"} <= labels("mps")
    assert not labels("mps") & {"pytorch:tuned", "pytorch:compile", "flax:jit"}
    assert {"flax:jit", "flax:scan"} <= labels("tpu")
    assert not any(label.startswith("pytorch") for label in labels("tpu"))
