"""The control for the harness's overhead: the PyTorch epoch as a bare script, with no harness at all.

The one place outside `impls` that imports a framework, because it must owe nothing to the code it is a control
for. Run as ``python bare_loop.py IMAGES LABELS THREADS``; for every number N on standard input it trains N steps and
prints their seconds.
"""

import sys
import time

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn


def main() -> None:
    """Load, then train as each line asks."""
    images_file, labels_file, device, threads = sys.argv[1:]
    torch.set_num_threads(int(threads))
    torch.backends.cuda.matmul.fp32_precision = "ieee"
    torch.backends.cudnn.conv.fp32_precision = "ieee"
    torch.set_default_device(device)
    images, labels = (torch.tensor(np.load(file, mmap_mode="r")) for file in (images_file, labels_file))
    model = nn.Sequential(
        *(nn.Conv2d(3, 6, 5), nn.ReLU(), nn.MaxPool2d(2)),
        *(nn.Conv2d(6, 16, 5), nn.ReLU(), nn.MaxPool2d(2)),
        nn.Flatten(),
        *(nn.Linear(400, 120), nn.ReLU(), nn.Linear(120, 84), nn.ReLU(), nn.Linear(84, 10)),
        nn.LogSoftmax(dim=1),
    )
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-4)
    for line in sys.stdin:
        order = torch.randperm(len(images)).reshape(-1, 100)[: int(line)]
        losses = torch.empty(len(order))
        start = time.perf_counter()
        for step, index in enumerate(order):
            optimizer.zero_grad()
            loss = F.nll_loss(model(images[index]), labels[index])
            loss.backward()
            optimizer.step()
            losses[step] = loss.detach()
        losses.cpu()  # waits for the device
        print(time.perf_counter() - start, flush=True)


if __name__ == "__main__":
    main()
