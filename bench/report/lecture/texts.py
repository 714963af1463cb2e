"""What the lecture's pages say in words beside their tables."""

from __future__ import annotations

LECTURE_30 = """Lecture 30 of "Deep Learning for Visual Computing" (D. Sheet, IIT Kharagpur), "Modifying a LeNet for
CIFAR": the same training in PyTorch and in Flax, from the same initial parameters and in the same order, and its claims
held against what was measured.
"""

WRITTEN = """Written by `lenet-bench report` from the files in this folder and from the machine's training runs over
seeds; not to be edited. `lenet-bench lecture` trains and draws it anew.
"""

PUBLISHED = """Written by `lenet-bench report --publish` from the files in the folders beside it and from the training
runs over seeds; not to be edited. Figures, weights, learning rates and initial parameters are on each machine's page.
"""

RULES = """Each claim can be refuted, and fewer runs make it harder to call it reproduced. Each framework is judged
alone: where one reproduces a claim and the other refutes it, it *depends*.

- A claim about every run is *reproduced* if it holds in more than half of all runs that one could make, by the lower
  95 % bound of that share (five of five runs, nine of ten); *not reproduced* if it holds in no run; and *depends* if it
  holds in some.
- That runs reach an accuracy is *reproduced* if all that one more run may have lies above it (the 95 % prediction
  interval over seeds), *not reproduced* if all of it lies below, and *depends* if some runs reach it and some do not.
- That a run shows an accuracy is *not reproduced* if one more run of ours would not show it (likewise), and
  *reproduced* if, besides, the 95 % interval of our mean lies within two points of it.
- A gain is *reproduced* if its 95 % interval over paired seeds lies above zero, *not reproduced* if it lies below.
- A loss is much lower if it is less than half, and an accuracy much better than a guess if it is three times as high.
  The lecture gives no numbers.
- A time is *reproduced* if every variant is within a quarter of it by more than processes scatter (8 %), *not
  reproduced* if every variant is further away, and *depends* if some are near and some are not.
- A number of parameters is counted in what each backend gives out.

Where the runs settle none of these, the claim is *undecided*. Intervals are Student's t, over seeds.
"""

RATES = """The lecture does not state its learning rate. A rate *fits* where a run shows what the lecture shows: 28 %
after the first epoch (as above), and after the last a mean whose 95 % interval is at most two points below 45 %. It
does not fit where one more run would not show it (the 95 % prediction interval). Of too few runs it is not said.
"""

INITIAL = """Each framework draws its initial parameters in its own way: PyTorch weights and biases uniformly, Flax
weights LeCun-normal and biases zero. Who compares the two as they come changes framework and initial parameters at the
same time. Here each framework was trained from both, so that the *gap* (Flax less PyTorch, each from its own default)
splits into the two effects, each the mean of its two ways; they add up to the gap.
"""

FILTERS = """The Euclidean norm of the change by ten epochs over that of the initial weights, the mean over seeds; and
in the last column that of the difference between the two frameworks' weights after training from the same ones: what
rounding has grown to by then.
"""

CONFUSION = """The share of a class' test images that is taken for another class after ten epochs, over all runs. The
two kinds are vehicles (airplane, automobile, ship, truck) and animals. *By chance* in the claim above means: each class
has as many errors as it has, and they go to the other classes as often as these are wrong answers in all. So a network
that prefers one answer is not taken for one that knows what looks alike.
"""

STUDY = """The lecture says that a hundred epochs bring this network far above 80 %. What does bring a network there was
measured in plain PyTorch, one change at a time, each on top of those before it
([examples/eighty_percent.py](../../../examples/eighty_percent.py); {device_name}, seed {seed}, commit {commit}). The
changes were chosen by looking at test accuracy: this says what it takes, and is no unbiased estimate of anything else.
"""
