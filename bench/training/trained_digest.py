"""Trains one variant without the harness, and prints what came of it as a digest.

Run as a file, by `bench.training.same_code`, in a process whose ``impls`` is the code to be looked at:
``python trained_digest.py FOLDER LABEL PRECISION SEED EPOCHS ROOT SYNTHETIC``. FOLDER has that ``impls``.
"""

from __future__ import annotations

import hashlib
import json
import sys

import numpy as np


def main() -> None:
    """Print JSON: the digest of losses and parameters, the code's module, and the data's fingerprint."""
    folder, label, precision, seed, epochs, root, synthetic = sys.argv[1:]
    sys.path.insert(0, folder)
    from impls import registry
    from impls.data import load
    from impls.data.synthetic import synthetic_split
    from impls.spec import LECTURE, epoch_order, initial_params

    [choice] = registry.choices(label)
    cls = registry.load(choice)
    backend = cls(variant=choice.variant or cls.variants[0], device="cpu", precision=precision)
    train = synthetic_split("train", int(synthetic)) if int(synthetic) else load("train", root or None)
    data = backend.to_device(train)
    backend.load_params(initial_params(int(seed), LECTURE.initial))
    digest = hashlib.sha256()
    for epoch in range(int(epochs)):
        order = epoch_order(int(seed), epoch, len(train.labels), LECTURE.batch_size)
        losses = np.asarray(backend.train_epoch(data, order, LECTURE.lr(epoch)), np.float32)
        digest.update(losses.tobytes())
        for name, value in sorted(backend.export_params().items()):
            digest.update(name.encode() + value.tobytes())
        print(f"{label} {precision} epoch {epoch + 1}: mean loss {losses.mean():.6f}", file=sys.stderr, flush=True)
    found = {"result": digest.hexdigest(), "fingerprint": train.fingerprint, "folder": registry.__file__}
    print(json.dumps(found))


if __name__ == "__main__":
    main()
