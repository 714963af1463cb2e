"""The control where PyTorch is not installed: training in NumPy as a bare script, with no code of ours at all.

It must owe nothing to the code that it is a control for, so it is not the reference either. Run as ``python
bare_loop_numpy.py IMAGES LABELS DEVICE THREADS PRECISION``; for every number N on standard input it trains N steps and
prints their seconds. It computes in float32 on the CPU, whatever DEVICE and PRECISION say. The environment variables of
NumPy's linear algebra decide the number of threads.

Arrays inside are (channels, rows, columns, batch), so that NumPy copies and adds whole batches at once.
"""

import sys
import time

import numpy as np

RATE, BETA1, BETA2, EPSILON = 1e-4, 0.9, 0.999, 1e-8


def windows(x: np.ndarray) -> np.ndarray:
    """Every 5x5 window of (C, H, W, N) as a column: (25 * C, (H-4) * (W-4) * N)."""
    c, h, w, n = x.shape
    columns = np.empty((5, 5, c, h - 4, w - 4, n), np.float32)
    for i in range(5):
        for j in range(5):
            columns[i, j] = x[:, i : i + h - 4, j : j + w - 4]
    return columns.reshape(25 * c, -1)


def spread(columns: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    """The transpose of `windows`: every column is added to the place in (C, H, W, N) that it was cut from."""
    c, h, w, n = shape
    cut, x = columns.reshape(5, 5, c, h - 4, w - 4, n), np.zeros(shape, np.float32)
    for i in range(5):
        for j in range(5):
            x[:, i : i + h - 4, j : j + w - 4] += cut[i, j]
    return x


def cells(x: np.ndarray) -> list[np.ndarray]:
    """The four pixels of every 2x2 cell of (C, H, W, N), as views (C, H/2, W/2, N) in row-major order."""
    return [x[:, i::2, j::2] for i in (0, 1) for j in (0, 1)]


def pool(x: np.ndarray) -> np.ndarray:
    """The maximum of every 2x2 cell, then ReLU."""
    a, b, c, d = cells(x)
    return np.maximum(np.maximum(np.maximum(a, b), np.maximum(c, d)), 0)


def unpool(d: np.ndarray, top: np.ndarray, x: np.ndarray) -> np.ndarray:
    """The gradient of `pool`, whose result was ``top``: it goes to the first maximum of each cell, if positive."""
    found = np.zeros_like(x)
    left = d * (top > 0)
    for into, pixel in zip(cells(found), cells(x), strict=True):
        won = pixel == top
        np.multiply(left, won, out=into)
        left[won] = 0
    return found


class BareLoop:
    """The lecture's network and a plain loop over images (N, 3, 32, 32) float32 and labels (N,)."""

    def __init__(self, images: np.ndarray, labels: np.ndarray) -> None:
        self.images, self.labels = np.array(images), np.array(labels)
        self.random = np.random.default_rng(0)
        self.weights: list[np.ndarray] = []
        self.biases: list[np.ndarray] = []
        for inputs, outputs in ((75, 6), (150, 16), (400, 120), (120, 84), (84, 10)):
            bound = inputs**-0.5
            self.weights.append(self.random.uniform(-bound, bound, (outputs, inputs)).astype(np.float32))
            self.biases.append(self.random.uniform(-bound, bound, (outputs, 1)).astype(np.float32))
        self.first = [np.zeros_like(each) for each in (*self.weights, *self.biases)]
        self.second = [np.zeros_like(each) for each in (*self.weights, *self.biases)]
        self.steps = 0

    def loss_and_grads(self, images: np.ndarray, labels: np.ndarray) -> tuple[float, list[np.ndarray]]:
        """The mean loss of a batch (N, 3, 32, 32), and its gradient in all weights and then in all biases."""
        (w1, w2, w3, w4, w5), (b1, b2, b3, b4, b5), n = self.weights, self.biases, len(labels)
        columns1 = windows(images.transpose(1, 2, 3, 0))
        conv1 = (w1 @ columns1 + b1).reshape(6, 28, 28, n)
        in2 = pool(conv1)
        columns2 = windows(in2)
        conv2 = (w2 @ columns2 + b2).reshape(16, 10, 10, n)
        pooled2 = pool(conv2)
        in3 = pooled2.reshape(400, n)
        in4 = np.maximum(w3 @ in3 + b3, 0)
        in5 = np.maximum(w4 @ in4 + b4, 0)
        logits = w5 @ in5 + b5
        logits -= logits.max(axis=0)
        log_probs = logits - np.log(np.exp(logits).sum(axis=0))
        loss = float(-log_probs[labels, np.arange(n)].mean())

        d5 = np.exp(log_probs)
        d5[labels, np.arange(n)] -= 1
        d5 /= n
        d4 = (w5.T @ d5) * (in5 > 0)
        d3 = (w4.T @ d4) * (in4 > 0)
        d2 = unpool((w3.T @ d3).reshape(pooled2.shape), pooled2, conv2).reshape(16, -1)
        d1 = unpool(spread(w2.T @ d2, in2.shape), in2, conv1).reshape(6, -1)
        pairs = ((d1, columns1), (d2, columns2), (d3, in3), (d4, in4), (d5, in5))
        return loss, [*(d @ x.T for d, x in pairs), *(d.sum(axis=1, keepdims=True) for d, _ in pairs)]

    def adam(self, grads: list[np.ndarray]) -> None:
        """One step of Adam."""
        self.steps += 1
        rate = RATE / (1 - BETA1**self.steps)
        for value, grad, m, v in zip((*self.weights, *self.biases), grads, self.first, self.second, strict=True):
            m += (1 - BETA1) * (grad - m)
            v += (1 - BETA2) * (grad * grad - v)
            value -= rate * m / (np.sqrt(v / (1 - BETA2**self.steps)) + EPSILON)

    def train(self, steps: int) -> float:
        """Seconds of so many steps on batches of 100, shuffled anew."""
        order = self.random.permutation(len(self.images)).reshape(-1, 100)[:steps]
        losses = np.empty(len(order))
        start = time.perf_counter()
        for step, index in enumerate(order):
            losses[step], grads = self.loss_and_grads(self.images[index], self.labels[index])
            self.adam(grads)
        return time.perf_counter() - start


def main() -> None:
    """Load, then train as each line asks."""
    loop = BareLoop(*(np.load(file, mmap_mode="r") for file in sys.argv[1:3]))
    for line in sys.stdin:
        print(loop.train(int(line)), flush=True)


if __name__ == "__main__":
    main()
