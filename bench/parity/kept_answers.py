"""Answers of the oracle in a file: arrays and plain values in NumPy's ``.npz``, which executes nothing when it is read.

A pickle would run whatever code somebody put into it, and data folders are shared.
"""

from __future__ import annotations

import dataclasses
import hashlib
import io
import json
from collections.abc import Iterable
from typing import Any

import numpy as np

from impls.errors import LenetError

VERSION = 1
_HEAD = "head"


def to_bytes(answers: Any) -> bytes:
    """A dataclass or named tuple of arrays, numbers, texts, lists and dicts of these, as the content of a file."""
    arrays: list[np.ndarray] = []
    places: dict[int, int] = {}
    tree = json.dumps(_flattened(answers, arrays, places))
    head = json.dumps({"version": VERSION, "digest": _digest(tree, arrays), "tree": tree}).encode()
    file = io.BytesIO()
    named = {f"array{i}": array for i, array in enumerate(arrays)}
    np.savez(file, **{_HEAD: np.frombuffer(head, np.uint8)}, **named)  # type: ignore[arg-type]
    return file.getvalue()


def from_bytes(content: bytes, classes: Iterable[type]) -> Any:
    """What `to_bytes` was given.

    Args:
        content: of the file.
        classes: the dataclasses and named tuples that may occur in it.

    Raises:
        LenetError: the content is damaged, or of another form.
    """
    try:
        with np.load(io.BytesIO(content), allow_pickle=False) as file:
            head = json.loads(file[_HEAD].tobytes())
            arrays = [file[f"array{i}"] for i in range(len(file.files) - 1)]
        if head["version"] != VERSION or head["digest"] != _digest(head["tree"], arrays):
            raise ValueError("another version or digest")
        return _unflattened(json.loads(head["tree"]), arrays, {each.__name__: each for each in classes})
    except Exception as error:  # damaged content raises whatever its bytes happen to call for
        raise LenetError(f"These are no kept answers of the oracle ({error}).") from error


def _digest(tree: str, arrays: list[np.ndarray]) -> str:
    digest = hashlib.sha256(tree.encode())
    for array in arrays:
        digest.update(f"{array.dtype}{array.shape}".encode())
        digest.update(np.ascontiguousarray(array).data)
    return digest.hexdigest()


def _flattened(value: Any, arrays: list[np.ndarray], places: dict[int, int]) -> Any:
    """A value as JSON has it, and its arrays in ``arrays``; an array that occurs twice is stored once."""
    if isinstance(value, np.ndarray):
        if id(value) not in places:
            places[id(value)] = len(arrays)
            arrays.append(value)
        return {"array": places[id(value)]}
    if isinstance(value, list):
        return [_flattened(each, arrays, places) for each in value]
    if isinstance(value, dict):
        return {"dict": {name: _flattened(each, arrays, places) for name, each in value.items()}}
    if dataclasses.is_dataclass(value) or hasattr(value, "_fields"):
        names = value._fields if hasattr(value, "_fields") else [field.name for field in dataclasses.fields(value)]
        fields = {name: _flattened(getattr(value, name), arrays, places) for name in names}
        return {"class": type(value).__name__, "fields": fields}
    if isinstance(value, np.generic):
        return value.item()
    if value is None or isinstance(value, bool | int | float | str):
        return value
    raise TypeError(f"{type(value).__name__} is not stored")


def _unflattened(value: Any, arrays: list[np.ndarray], classes: dict[str, type]) -> Any:
    if isinstance(value, list):
        return [_unflattened(each, arrays, classes) for each in value]
    if not isinstance(value, dict):
        return value
    if "array" in value:
        return arrays[value["array"]]
    stored = value["fields"] if "class" in value else value["dict"]
    inside = {name: _unflattened(each, arrays, classes) for name, each in stored.items()}
    return classes[value["class"]](**inside) if "class" in value else inside
