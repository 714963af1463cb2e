"""The study's augmentation mirrors half of the images and shifts each for itself; a wrong one is caught."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from torch import Tensor

from examples.eighty_percent import MAX_SHIFT, augment


def moved(image: np.ndarray, down: int, right: int, mirrored: bool) -> np.ndarray:
    """By hand, pixel by pixel: black where nothing came from."""
    result = np.zeros_like(image)
    for row in range(max(0, down), min(32, 32 + down)):
        for column in range(max(0, right), min(32, 32 + right)):
            result[:, row, column] = image[:, row - down, column - right]
    return result[:, :, ::-1] if mirrored else result


def complaint(augment: Callable[[Tensor], Tensor]) -> str | None:
    """What is wrong with an augmentation, judged by what it makes of one image that has no two pixels alike."""
    image = np.random.default_rng(0).uniform(0.5, 1, (3, 32, 32)).astype(np.float32)
    shifts = range(-MAX_SHIFT, MAX_SHIFT + 1)
    known = {
        moved(image, down, right, mirrored).tobytes(): (down, right, mirrored)
        for down in shifts
        for right in shifts
        for mirrored in (False, True)
    }
    torch.manual_seed(0)
    given = torch.from_numpy(image).repeat(1000, 1, 1, 1)
    found = [known.get(made.numpy().tobytes()) for made in augment(given)]
    if not torch.equal(given[0], torch.from_numpy(image)):
        return "changes what it is given"
    if None in found:
        return "makes something else of an image"
    down, right, mirrored = (np.array(values) for values in zip(*found, strict=True))
    if not 0.45 < mirrored.mean() < 0.55:  # three standard deviations
        return "does not mirror half"
    if any(np.bincount(values + MAX_SHIFT, minlength=9).min() < 70 for values in (down, right)):  # of 111
        return "does not shift by all amounts alike"
    if any(abs(np.corrcoef(pair)[0, 1]) > 0.1 for pair in ((down, right), (down, mirrored), (right, mirrored))):
        return "does not draw each for itself"
    return None


def test_the_augmentation_mirrors_half_and_shifts_within_bounds() -> None:
    assert complaint(augment) is None


def shifted_alike(images: Tensor) -> Tensor:
    down, right = torch.randint(9, (2,))
    return F.pad(images, [4] * 4)[:, :, down : down + 32, right : right + 32]


PLANTED = {
    "leaves all as it is": (lambda images: images, "does not mirror half"),
    "mirrors all": (lambda images: images.flip(-1), "does not mirror half"),
    "stands them on their heads": (lambda images: augment(images).flip(-2), "makes something else of an image"),
    "shifts too far": (lambda images: augment(augment(images)), "makes something else of an image"),
    "shifts a batch as one": (
        lambda images: torch.where(torch.rand(len(images), 1, 1, 1) < 0.5, shifted_alike(images.flip(-1)), images),
        "does not shift by all amounts alike",
    ),
    "in place": (lambda images: images.copy_(augment(images)), "changes what it is given"),
}


@pytest.mark.parametrize("planted", PLANTED)
def test_a_wrong_augmentation_is_caught(planted: str) -> None:
    wrong, said = PLANTED[planted]
    assert complaint(wrong) == said
