"""The control: training by PyTorch as a bare script, with no harness and no code of ours at all.

The one place outside `impls` that imports a framework, because it must owe nothing to the code it is a control
for. Run as ``python bare_loop.py IMAGES LABELS DEVICE THREADS PRECISION``; for every number N on standard input it
trains N steps and prints their seconds.
"""

import sys
import time
from contextlib import nullcontext

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn


class BareLoop:
    """The lecture's network and a plain loop over images (N, 3, 32, 32) float32 and labels (N,) int64.

    Layers compute in bfloat16 if ``precision`` is "bf16"; whether others use TF32 is a setting of the process.
    """

    def __init__(self, images: Tensor, labels: Tensor, precision: str) -> None:
        self.autocast = torch.autocast(images.device.type, torch.bfloat16) if precision == "bf16" else nullcontext()
        self.images, self.labels = images, labels
        self.model = nn.Sequential(
            *(nn.Conv2d(3, 6, 5), nn.ReLU(), nn.MaxPool2d(2)),
            *(nn.Conv2d(6, 16, 5), nn.ReLU(), nn.MaxPool2d(2)),
            nn.Flatten(),
            *(nn.Linear(400, 120), nn.ReLU(), nn.Linear(120, 84), nn.ReLU(), nn.Linear(84, 10)),
        ).to(images.device)
        self.optimizer = torch.optim.Adam(self.model.parameters(), lr=1e-4)

    def wait(self) -> None:
        """Return when the device is idle."""
        if self.images.is_cuda:
            torch.cuda.synchronize(self.images.device)

    def train(self, steps: int) -> float:
        """Seconds of so many steps on batches of 100, shuffled anew, device idle at both ends."""
        images, labels, model, optimizer = self.images, self.labels, self.model, self.optimizer
        order = torch.randperm(len(images), device=images.device).reshape(-1, 100)[:steps]
        losses = torch.empty(len(order), device=images.device)
        self.wait()  # for the shuffle, which would otherwise be timed
        start = time.perf_counter()
        for step, index in enumerate(order):
            optimizer.zero_grad()
            with self.autocast:
                logits = model(images[index])
            loss = F.nll_loss(F.log_softmax(logits.float(), dim=1), labels[index])
            loss.backward()
            optimizer.step()
            losses[step] = loss.detach()
        losses.cpu()  # waits for the device
        return time.perf_counter() - start


def main() -> None:
    """Load, then train as each line asks."""
    images_file, labels_file, device, threads, precision = sys.argv[1:]
    torch.set_num_threads(int(threads))
    products = "tf32" if precision == "tf32" else "ieee"
    torch.backends.cuda.matmul.fp32_precision = products
    torch.backends.cudnn.conv.fp32_precision = products
    arrays = (np.load(file, mmap_mode="r") for file in (images_file, labels_file))
    images, labels = (torch.tensor(array, device=device) for array in arrays)
    loop = BareLoop(images, labels, precision)
    for line in sys.stdin:
        print(loop.train(int(line)), flush=True)


if __name__ == "__main__":
    main()
