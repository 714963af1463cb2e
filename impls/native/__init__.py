"""Kernels in C++ that PyTorch's and Flax's tuned variants share; compiled where they run."""
