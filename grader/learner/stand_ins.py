"""What several probes put beside a learner's code to see what it does: a trace of layers, an optimiser with notes."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import torch
from torch.overrides import TorchFunctionMode

THIRD = 8


class LayerTrace(TorchFunctionMode):
    """Follow a pass of `module` from `Linear` to `Linear`, each of which gives telling numbers in place of its own.

    Of the `ROWS` rows of a pass, what each layer gives in the last third is the middle of the two thirds before it:
    whatever maps it to something else has a bend.
    """

    ROWS = 3 * THIRD

    def __init__(self, module: torch.nn.Module) -> None:
        """Follow nothing yet."""
        super().__init__()
        self.module, self.last = module, torch.zeros(1, 0)
        self.weights: list[torch.Tensor] = []
        self.given: list[torch.Tensor] = []
        self.open: list[int] = []

    def follow(self, x: torch.Tensor) -> Any:
        """Send x, (ROWS, features), through the module and write down what each `Linear` was given."""
        linear = [part for part in self.module.modules() if isinstance(part, torch.nn.Linear)]
        hooks = [part.register_forward_pre_hook(self._enter) for part in linear]
        hooks += [part.register_forward_hook(self._leave) for part in linear]
        try:
            with self:
                return self.module(x)
        finally:
            for hook in hooks:
                hook.remove()

    def __torch_function__(self, function: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        """Put telling numbers in the place of what a linear layer gives."""
        kwargs = kwargs or {}
        if function is not torch.nn.functional.linear:
            return function(*args, **kwargs)
        given = dict(zip(("input", "weight", "bias"), args, strict=False)) | kwargs
        return self._step(given["input"], given["weight"])

    def _enter(self, part: torch.nn.Module, args: Any) -> None:
        self.open.append(len(self.weights))

    def _leave(self, part: torch.nn.Module, args: Any, output: Any) -> Any:
        """A subclass of `Linear` that multiplies by itself never calls the function above."""
        return self._step(args[0], part.weight) if self.open.pop() == len(self.weights) else None

    def _step(self, x: torch.Tensor, weight: Any) -> torch.Tensor:
        self.given.append(x.detach().clone())
        self.weights.append(weight)
        self.last = 3 * torch.randn(*x.shape[:-1], len(weight), generator=torch.Generator().manual_seed(len(weight)))
        self.last[0] = torch.linspace(-2, 3, len(weight))
        if len(self.last) == self.ROWS:
            self.last[2 * THIRD :] = (self.last[:THIRD] + self.last[THIRD : 2 * THIRD]) / 2
        return self.last.to(x.dtype, copy=True)

    def facts(self, latent: int, counted: Callable[[int], str]) -> dict[str, Any]:
        """Give plain words, equal for every right answer; `counted` words how many `Linear` layers there are."""
        used = {id(weight): weight for weight in self.weights}
        if not used:
            return {"Linear layers": "none"}
        hidden = [len(weight) for weight in self.weights[:-1]]
        bends = [_bent(given) for given in self.given[1:]]
        known = sum(weight.numel() for weight in self.module.parameters())
        whole = known >= sum(weight.numel() for weight in used.values())
        return {
            "reads": self.weights[0].shape[1],
            "gives": len(self.weights[-1]),
            "Linear layers": counted(len(used)),
            "non-linear": "between every two" if all(bends) else "between some only" if any(bends) else "nowhere",
            "hidden layers": "wide enough" if min(hidden, default=latent) >= latent else "one narrower than the code",
            "layers in parameters()": "all" if whole else "some" if known else "none of them",
        }

    def starts_with(self, rows: torch.Tensor) -> bool:
        """Tell whether the first `Linear` was given the very rows."""
        return bool(self.given) and same(self.given[0], rows)


def same(one: torch.Tensor, two: torch.Tensor) -> bool:
    """Tell whether two tensors have one shape and the same numbers, to 1e-4."""
    return one.shape == two.shape and torch.allclose(one, two, atol=1e-4)


def _bent(given: torch.Tensor) -> bool:
    """Tell whether a layer's input shows a bend: an affine function maps the middle of two rows to the middle."""
    middle = (given[:THIRD] + given[THIRD : 2 * THIRD]) / 2
    return not torch.allclose(given[2 * THIRD : 3 * THIRD], middle, rtol=1e-3, atol=1e-3)


class RecordingSGD(torch.optim.SGD):
    """Gradient descent that adds the gradient of each step to `steps`; one that is not there counts as 0."""

    def __init__(self, model: torch.nn.Module, steps: list[torch.Tensor], lr: float) -> None:
        """Take all parameters of the model."""
        super().__init__(model.parameters(), lr=lr)
        self.steps = steps

    def step(self, closure: Any = None) -> Any:
        """Write down the gradients, then move the weights."""
        with torch.enable_grad():
            loss = None if closure is None else closure()
        parameters = self.param_groups[0]["params"]
        self.steps.append(flat(torch.zeros_like(p) if p.grad is None else p.grad for p in parameters))
        super().step()
        return loss


def flat(tensors: Iterable[torch.Tensor]) -> torch.Tensor:
    """Put the numbers of all tensors into one row."""
    return torch.cat([tensor.detach().flatten() for tensor in tensors])
