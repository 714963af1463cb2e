"""What a captured or compiled step of PyTorch needs: training state that never moves."""

from __future__ import annotations

import torch
from torch import Tensor

from impls.contract import AdamState, ManySeeds
from impls.pytorch.eager import PyTorch
from impls.spec import ADAM_BETA1, ADAM_BETA2, ADAM_EPSILON


class PyTorchInPlace(PyTorch):
    """PyTorch whose parameters, moments, step counts and learning rate keep their addresses on the device."""

    def _new_optimizer(self) -> torch.optim.Adam:
        parameters = list(self.model.parameters())
        optimizer = torch.optim.Adam(
            parameters,
            lr=torch.zeros((), device=self.device),  # no number of Python's, which would become part of the program
            betas=(ADAM_BETA1, ADAM_BETA2),
            eps=ADAM_EPSILON,
            fused=True,
            capturable=self.device.type == "cuda",  # no other device has it
        )
        # Adam makes its state in its first step; one of rate 0 and without gradient changes nothing else.
        for parameter in parameters:
            parameter.grad = torch.zeros_like(parameter)
        optimizer.step()
        optimizer.zero_grad()
        _forget(optimizer)
        return optimizer

    def _reset_optimizer(self) -> None:
        _forget(self.optimizer)

    def load_optimizer(self, state: AdamState) -> None:
        for name, parameter in self.model.named_parameters():
            own = self.optimizer.state[parameter]
            own["step"].fill_(state.steps)
            own["exp_avg"].copy_(torch.from_numpy(state.first[name]))
            own["exp_avg_sq"].copy_(torch.from_numpy(state.second[name]))

    def _set_lr(self, lr: float) -> None:
        for group in self.optimizer.param_groups:
            group["lr"].fill_(lr)

    def _training_state(self) -> list[Tensor]:
        """All that a step changes."""
        return [*self.model.parameters(), *_tensors(self.optimizer)]

    def many(self) -> ManySeeds | None:
        return None  # that would be another program than the one that these variants are about


def _tensors(optimizer: torch.optim.Adam) -> list[Tensor]:
    """Step counts and moments."""
    return [tensor for state in optimizer.state.values() for tensor in state.values()]


def _forget(optimizer: torch.optim.Adam) -> None:
    for tensor in _tensors(optimizer):
        tensor.zero_()
