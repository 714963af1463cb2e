"""From a name to a backend: ``pytorch``, ``flax:scan``, or anybody's ``package.module:Class``.

A built-in backend's variants are listed here as well as in its classes, because choosing what to run must not
import a framework; a test holds the lists together.
"""

from __future__ import annotations

import difflib
import importlib
import importlib.util
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from importlib.metadata import entry_points

from impls.contract import Backend
from impls.errors import UnknownBackendError
from impls.native import trial

ENTRY_POINT_GROUP = "lenet_parity.backends"
"""An installed distribution offers a backend as ``name = "package.module:Class"`` in this group."""


OURS = ("bench", "impls")
"""This suite's packages. A process can hold one package of a name."""


@dataclass(frozen=True)
class Entry:
    """What is known of a backend without importing it.

    Attributes:
        target: ``module:Class``.
        variants: in the order of the classes' own; empty where only importing would tell.
        slow: (variant, device) -> why an epoch of it takes far longer than its siblings'.
        benchmarked: whether a benchmark run includes it unasked.
        elsewhere: variant -> ``module:Class``, for those of another class than ``target``'s.
        only: variant -> the device on which a benchmark run includes it unasked, for those that are not for all.
        compiled: variant -> says why its code cannot be compiled here, or None; a benchmark run leaves such variants
            out unasked.
        fp32_only: variants that offer no other precision; a benchmark run in another leaves them out unasked.
        needs: packages that it imports and that the kit does without (``kit-requirements.txt``).
        devices: of ``target``'s class; empty where only importing would tell.
        fewer_devices: variant -> devices, for those of another class that runs on fewer.
    """

    target: str
    variants: tuple[str, ...] = ()
    slow: Mapping[tuple[str, str], str] = field(default_factory=dict)
    benchmarked: bool = True
    elsewhere: Mapping[str, str] = field(default_factory=dict)
    only: Mapping[str, str] = field(default_factory=dict)
    compiled: Mapping[str, Callable[[], str | None]] = field(default_factory=dict)
    fp32_only: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    devices: tuple[str, ...] = ()
    fewer_devices: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def target_of(self, variant: str | None) -> str:
        """``module:Class`` of a variant; None is the class's default."""
        return self.elsewhere.get(variant or "", self.target)

    def devices_of(self, variant: str | None) -> tuple[str, ...]:
        """The devices that a variant runs on; empty where only importing would tell."""
        return self.fewer_devices.get(variant or "", self.devices)


BUILT_IN: dict[str, Entry] = {
    "pytorch": Entry(
        "impls.pytorch.eager:PyTorch",
        ("eager", "tuned", "lecture", "cudagraph", "compile"),
        elsewhere={
            "tuned": "impls.pytorch.tuned:PyTorchTuned",
            "lecture": "impls.pytorch.lecture:PyTorchLecture",
            "cudagraph": "impls.pytorch.cudagraph:PyTorchCUDAGraph",
            "compile": "impls.pytorch.compile:PyTorchCompile",
        },
        only={"tuned": "cpu", "cudagraph": "cuda", "compile": "cuda"},
        compiled={"tuned": lambda: trial.kernels_lack("-fopenmp"), "compile": trial.c_compiler_lacks},
        devices=("cuda", "xpu", "mps", "cpu"),
        fewer_devices={"tuned": ("cpu",), "cudagraph": ("cuda", "cpu"), "compile": ("cuda", "cpu")},
        fp32_only=("tuned",),
        needs=("torch", "torchvision"),
    ),
    "flax": Entry(
        "impls.flax.nnx:FlaxNNX",
        ("jit", "scan", "tuned"),
        elsewhere={"tuned": "impls.flax.tuned:FlaxTuned"},
        only={"tuned": "cpu"},
        compiled={"tuned": trial.kernels_lack},
        devices=("cuda", "tpu", "cpu"),
        fewer_devices={"tuned": ("cpu",)},
        fp32_only=("tuned",),
        slow={("scan", "cpu"): "XLA does not bring gradient convolutions inside loops into canonical form"},
        needs=("jax", "flax", "optax"),
    ),
    "reference": Entry(
        "impls.reference.backend:Reference", ("float64", "float32"), benchmarked=False, devices=("cpu",)
    ),
}


@dataclass(frozen=True)
class Choice:
    """One backend variant, named as tables name it; ``variant`` is None for the class's default."""

    backend: str
    target: str
    variant: str | None
    slow: Mapping[tuple[str, str], str] = field(default_factory=dict, compare=False)

    @property
    def label(self) -> str:
        """``backend:variant``, or the backend alone where the variant is its default and unknown."""
        return f"{self.backend}:{self.variant}" if self.variant else self.backend

    def slow_reason(self, device: str) -> str | None:
        """Why this variant is known to be slow on ``device``, or None."""
        return self.slow.get((self.variant or "", device))


def entries() -> dict[str, Entry]:
    """Every backend that can be asked for by name: built in, or offered by an installed distribution."""
    installed = {point.name: Entry(point.value) for point in entry_points(group=ENTRY_POINT_GROUP)}
    return {**installed, **BUILT_IN}


def choices(name: str) -> list[Choice]:
    """Every variant that ``name`` stands for, without importing anything.

    Args:
        name: a backend (all its variants), ``backend:variant``, ``package.module:Class`` or
            ``package.module:Class:variant``.

    Raises:
        UnknownBackendError: no such backend or variant; the sentence names the nearest ones.
    """
    known = entries()
    backend, _, variant = name.partition(":")
    if backend in known:
        entry = known[backend]
        if not variant:
            return [Choice(backend, entry.target_of(v), v, entry.slow) for v in entry.variants or (None,)]
        if entry.variants and variant not in entry.variants:
            raise UnknownBackendError(f"{backend} has no variant {variant!r}; it has {', '.join(entry.variants)}.")
        return [Choice(backend, entry.target_of(variant), variant, entry.slow)]
    module, _, rest = name.partition(":")
    class_name, _, variant = rest.partition(":")
    if module.endswith(".py") or "/" in module:
        raise UnknownBackendError(
            f"{name!r} names a file; give its module as Python imports it, package.module:Class, from the folder that "
            "it is in or with that on PYTHONPATH."
        )
    if class_name.isidentifier() and class_name[0].isupper():
        return [Choice(f"{module}:{class_name}", f"{module}:{class_name}", variant or None)]
    labels = [choice.label for entry in known for choice in choices(entry)]
    near = difflib.get_close_matches(name, [*known, *labels], n=3, cutoff=0.5) or list(known)
    raise UnknownBackendError(
        f"There is no backend {name!r}; did you mean {' or '.join(near)}? "
        "A backend of your own is named package.module:Class."
    )


def benchmarked(device: str, precision: str = "fp32") -> list[Choice]:
    """What a benchmark run on ``device`` in ``precision`` measures when nothing is asked for."""
    return [
        choice
        for name, entry in entries().items()
        if entry.benchmarked
        for choice in choices(name)
        if entry.only.get(choice.variant or "", device) == device
        and device in (entry.devices_of(choice.variant) or (device,))
        and (precision == "fp32" or choice.variant not in entry.fp32_only)
    ]


def devices_of(choice: Choice) -> tuple[str, ...]:
    """The devices that a variant runs on; empty where only importing would tell."""
    entry = BUILT_IN.get(choice.backend)
    return entry.devices_of(choice.variant) if entry else ()


def lacking(choice: Choice) -> str | None:
    """What a built-in variant needs that is not here, as a reason to leave it out; None where nothing is missing.

    Of compilers a trial says so, once in a process.
    """
    entry = BUILT_IN.get(choice.backend)
    if entry and (packages := not_installed(entry.needs)):
        return f"{_listed(packages)} {'is' if len(packages) == 1 else 'are'} not installed"
    why = entry.compiled.get(choice.variant or "") if entry else None
    return why() if why else None


def not_installed(packages: Iterable[str]) -> list[str]:
    """Those of these top-level packages that Python does not find; none is imported."""
    return [name for name in packages if importlib.util.find_spec(name) is None]


def _listed(names: list[str]) -> str:
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def load(choice: Choice) -> type[Backend]:
    """Import the class behind a choice; this is where a framework is imported.

    Raises:
        UnknownBackendError: the module does not import, or what it holds is not a complete `Backend`.
    """
    module_name, _, class_name = choice.target.partition(":")
    try:
        module = importlib.import_module(module_name)
    except Exception as error:
        if isinstance(error, ModuleNotFoundError) and (error.name or "").partition(".")[0] in OURS:
            raise UnknownBackendError(
                f"The module {module_name} does not import: {error.name} is not part of this suite, whose packages are "
                f"called {' and '.join(OURS)}. A backend cannot share its process with other packages of these names; "
                "move what it needs to a package of another name."
            ) from error
        if (entry := BUILT_IN.get(choice.backend)) and (missing := not_installed(entry.needs)):
            raise UnknownBackendError(
                f"{choice.label} needs {_listed(missing)}, not installed here; install with "
                f"`pip install {' '.join(missing)}`."
            ) from error
        raise UnknownBackendError(
            f"The module {module_name} does not import ({type(error).__name__}: {error}){_hint(error, module_name)}"
        ) from error
    cls = getattr(module, class_name, None)
    if cls is None:
        near = difflib.get_close_matches(class_name, dir(module), n=1)
        also = f"; did you mean {near[0]}?" if near else "."
        raise UnknownBackendError(f"The module {module_name} has no {class_name}{also}")
    if not (isinstance(cls, type) and issubclass(cls, Backend)):
        raise UnknownBackendError(f"{choice.target} is not a subclass of impls.contract.Backend.")
    missing = sorted(getattr(cls, "__abstractmethods__", ()))
    missing += [name for name in ("name", "variants") if not hasattr(cls, name)]
    if missing:
        raise UnknownBackendError(f"{choice.target} lacks {', '.join(missing)}; see impls/contract/backend.py.")
    if choice.variant and choice.variant not in cls.variants:
        raise UnknownBackendError(
            f"{choice.backend} has no variant {choice.variant!r}; it has {', '.join(cls.variants)}."
        )
    return cls


def _hint(error: Exception, module: str) -> str:
    """What to do about a module that does not import."""
    missing = (error.name or "").partition(".")[0] if isinstance(error, ModuleNotFoundError) else ""
    if missing and missing != module.partition(".")[0]:
        return f"; install {missing}, or put its folder on PYTHONPATH."
    return "; is its framework installed and its folder on PYTHONPATH?" if isinstance(error, ImportError) else "."
