"""``lenet-bench new``: write the skeleton of a backend and its test."""

from __future__ import annotations

import builtins
import importlib.util
import keyword
import os
import re
from pathlib import Path
from typing import Annotated

import typer

import impls
from impls.errors import LenetError

SKELETON = Path(__file__).parent / "skeleton"
"""The two files as they are written for ``MyBackend``; their names end in .txt, as they are no modules of ours."""

SNAKE = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
CAMEL = re.compile(r"[A-Z][A-Za-z0-9]*")

TAKEN = ("AdamState", "Any", "Backend", "ManySeeds", "Params", "Probe", "Split")
"""Classes that the skeleton names."""


def new(
    name: Annotated[str, typer.Argument(metavar="NAME", help="The backend's name: my_backend or MyBackend.")],
) -> None:
    """Write a backend to be filled in, and its test, in the current folder; overwrite nothing.

    NAME gives my_backend.py with the class MyBackend, and test_my_backend.py. Comments say what each method must do.

    Exit code 2: nothing was written.
    """
    module, cls = names(name)
    files = {
        Path(f"{module}.py"): filled("backend.py.txt", module, cls),
        Path(f"test_{module}.py"): filled("test.py.txt", module, cls),
    }
    write_new(files)
    print(afterwards(module, cls))


def afterwards(module: str, cls: str) -> str:
    """What to do next, with the commands as they must be typed."""
    check, test, time = (
        f"lenet-bench check {module}:{cls}",
        f"pytest test_{module}.py",
        f"lenet-bench time {module}:{cls}",
    )
    width = len(check)
    return f"""\
{module}.py and test_{module}.py are written. Fill in the methods of {cls} from top to bottom, and run this after each:

    {check} --synthetic 600

When it says "Equivalent":

    {check}  # the same on CIFAR-10, which is fetched if need be
    {test:{width}}  # the same as a test, on made-up images
    {time:{width}}  # how fast is it?

The guide: {Path(impls.__file__).parent / "README.md"}"""


def names(name: str) -> tuple[str, str]:
    """The module and the class for a name in either spelling: ``("my_backend", "MyBackend")``.

    Raises:
        LenetError: the name is neither, or Python, the skeleton or an installed package needs it.
    """
    if SNAKE.fullmatch(name):
        module, cls = name, "".join(part[:1].upper() + part[1:] for part in name.split("_"))
    elif CAMEL.fullmatch(name):
        # Words begin at a capital after a small letter or a digit, and at the last capital of an acronym.
        words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name.replace("LeNet", "Lenet"))
        module = words.lower()
        cls = name
    else:
        raise LenetError(
            f"{name!r} cannot be a backend's name: give ASCII letters and digits as in my_backend or MyBackend, a "
            "letter first."
        )
    for word in (module, cls):
        if keyword.iskeyword(word):
            raise LenetError(f"{name!r} cannot be a backend's name: {word} is a keyword of Python; add a word to it.")
    if cls in TAKEN or hasattr(builtins, cls):
        raise LenetError(
            f"{name!r} cannot be a backend's name: Python or the skeleton has another class {cls}; add a word to it."
        )
    if not os.path.lexists(f"{module}.py") and importlib.util.find_spec(module):
        raise LenetError(
            f"{name!r} cannot be a backend's name: {module}.py would hide the module {module}, which can be imported "
            f"here; add a word to it, as in {module}_lenet."
        )
    return module, cls


def filled(template: str, module: str, cls: str) -> str:
    """The text of a file of the skeleton for a module and a class."""
    text = (SKELETON / template).read_text(encoding="utf-8")
    return text.replace("my_backend", module).replace("MyBackend", cls)


def write_new(files: dict[Path, str]) -> None:
    """Write all these files, or none of them where one is there already or cannot be written.

    Raises:
        LenetError: none was written.
    """
    if there := [path for path in files if os.path.lexists(path)]:
        raise LenetError(f"{' and '.join(map(str, there))}: already here; nothing was written. Give another name.")
    written: list[Path] = []
    try:
        for path, text in files.items():
            with path.open("x", encoding="utf-8") as file:
                written.append(path)
                file.write(text)
    except OSError as error:
        for path in written:
            path.unlink(missing_ok=True)
        raise LenetError(f"{error.filename or path} cannot be written here: {error.strerror}.") from None
