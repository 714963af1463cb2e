"""What the lecture says: lecture 30, "Modifying a LeNet for CIFAR", of "Deep Learning for Visual Computing" (D. Sheet).

Figures as it shows or says them, of one run on the lecturer's GPU, which it does not name.
"""

TRAIN_IMAGES = 50_000
TEST_IMAGES = 10_000
EPOCHS = 10

EPOCH_SECONDS = 4.0
"""About so long for an epoch."""

TOTAL_SECONDS = 37.0
"""For all ten, with the test after each."""

FIRST_ACCURACY = 0.28
"""On the test set after the first epoch, a whole percentage."""

LAST_ACCURACY = 0.45
"""After the tenth: "0.45 or more"."""

HUNDRED_EPOCHS_ACCURACY = 0.80
"""What a hundred epochs are said to bring: "much above the 80 % benchmark"."""

HALVE_EVERY = 10
"""Epochs after which the learning rate is halved, said to give a monotonic approach to saturation."""

GREY_COUNTS = {
    "conv1.weight": 150,
    "conv1.bias": 6,
    "conv2.weight": 2_400,
    "conv2.bias": 16,
    "fc1.weight": 48_000,
    "fc1.bias": 120,
    "fc2.weight": 10_080,
    "fc2.bias": 84,
    "fc3.weight": 840,
    "fc3.bias": 10,
}
"""Elements of each parameter of the LeNet for grey images that the lecture starts from."""

GREY_TOTAL, COLOUR_TOTAL, COLOUR_COSTS = 61_706, 62_006, 300
"""Parameters for grey images, for colour, and what colour adds; all of it in conv1."""
