"""The options of a benchmark run, `pytest bench/ --benchmark-only [...]`, some of them the conformance kit's too."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.base import devices
from bench.base.settings import BASELINE, Settings, usual_baseline
from impls import registry
from impls.errors import LenetError


def add(parser: pytest.Parser) -> None:
    """Add them to pytest's, each with its default in its help."""
    group = parser.getgroup("lenet", "LeNet on CIFAR-10: parity and speed")
    group.addoption(
        "--backend",
        action="append",
        metavar="NAME",
        help="what to measure, repeatable: a backend (all its variants), backend:variant, or your own "
        "package.module:Class (default: all that are for the device and not known to be slow there)",
    )
    group.addoption(
        "--quick",
        action="store_true",
        help="one block, so ratios without an interval; two epochs of training, no slow variants, no overhead",
    )
    group.addoption(
        "--blocks",
        type=int,
        metavar="N",
        help="how many times every variant is started anew and timed beside the others; more narrow the intervals "
        "(default: 4, and 3 for a variant whose ratios are known to 2 %% by then)",
    )
    group.addoption("--resume", action="store_true", help="go on with the newest run here that was not finished")
    group.addoption("--wide", action="store_true", help="show every figure at the end, not only the headline")
    group.addoption("--results", metavar="DIR", help="where results go (default: results/)")
    group.addoption("--machine", metavar="NAME", help="folder of this machine in there (default: the device's name)")
    add_common(group)


def add_common(group: pytest.OptionGroup) -> None:
    """Add those that the conformance kit has as well."""
    group.addoption(
        "--device",
        default="auto",
        metavar="NAME",
        help="auto, cpu, cuda or another of the backend's (default: auto)",
    )
    group.addoption("--precision", default="fp32", help="arithmetic, as backends offer it (default: fp32)")
    group.addoption("--seed", type=int, default=0, help="of initial parameters and order (default: 0)")
    group.addoption("--threads", type=int, metavar="N", help="cores for every worker (default: all available)")
    group.addoption("--worker-timeout", type=float, default=1200, metavar="S", help="seconds for one call (1200)")
    group.addoption(
        "--worker-memory", type=float, metavar="GIB", help="memory for a worker (nine tenths of what is free)"
    )
    group.addoption("--root", metavar="DIR", help="where CIFAR-10 is kept (default: $LENET_DATA or the user's cache)")
    group.addoption(
        "--synthetic",
        type=int,
        default=0,
        metavar="N",
        help="use N made-up images instead of CIFAR-10, to try the machinery; never shown beside real results",
    )


def read(config: pytest.Config) -> Settings:
    """The settings asked for.

    Raises:
        pytest.UsageError: something is wrong with them, in one sentence.
    """
    option = config.getoption
    try:
        named = [choice for name in option("--backend") or [BASELINE] for choice in registry.choices(name)]
        device = devices.resolve(option("--device"), named if option("--device") == devices.AUTO else []).name
        choices, left_out = _choices(option("--backend"), device, option("--precision"))
        return Settings.checked(
            choices,
            device=device,
            precision=option("--precision"),
            threads=option("--threads"),
            quick=option("--quick"),
            blocks=option("--blocks"),
            seed=option("--seed"),
            timeout=option("--worker-timeout"),
            memory=option("--worker-memory"),
            results=Path(option("--results") or config.rootpath / "results"),
            machine=option("--machine"),
            root=option("--root"),
            synthetic=option("--synthetic"),
            left_out=left_out,
            against=(usual_baseline(),),
        )
    except LenetError as error:
        raise pytest.UsageError(str(error)) from None


def _choices(names: list[str] | None, device: str, precision: str) -> tuple[list[registry.Choice], dict[str, str]]:
    """What to measure, the baseline first, and what is left out, with the reason, because nobody named it.

    Left out is what needs something that is not installed, and what is known to be slow on the device: its ladder and
    its two epochs would take a fifth of a whole run.
    """
    left_out: dict[str, str] = {}
    if names:
        chosen = {choice.label: choice for name in names for choice in registry.choices(name)}
    else:
        chosen = {choice.label: choice for choice in registry.benchmarked(device, precision)}
        for label, choice in list(chosen.items()):
            if reason := registry.lacking(choice) or choice.slow_reason(device):
                left_out[label] = reason
                del chosen[label]
        if not chosen:
            reasons = "; ".join(f"{label}: {reason}" for label, reason in left_out.items())
            raise LenetError(f"There is nothing to measure here ({reasons}); name a backend with --backend.")
    return sorted(chosen.values(), key=lambda choice: choice.label != BASELINE), left_out
