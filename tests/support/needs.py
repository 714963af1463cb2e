"""Marks of tests that need what a machine may lack."""

from __future__ import annotations

import shutil

import pytest
import torch

needs_gpu = pytest.mark.skipif(not torch.cuda.is_available(), reason="there is no GPU that PyTorch can use")
needs_kernel_compiler = pytest.mark.skipif(
    not (shutil.which("g++") or shutil.which("clang++")), reason="there is no C++ compiler to build the kernels with"
)
