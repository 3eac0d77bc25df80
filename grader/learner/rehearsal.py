"""What a warm parent does once before it forks: what is set up at first use would cost each child anew."""

from __future__ import annotations

import ast
from types import SimpleNamespace
from typing import Any

import torch
from torch.utils.data import DataLoader, Dataset, WeightedRandomSampler

from .ask import Ask
from .cells import needed, statements
from .observation import Observation, to_tree
from .observe import observe
from .plain import pack

CELL = '''
import torch

class Doubled(torch.nn.Module):
    """Any class."""

    def forward(self, x):
        return [2 * y for y in x]
'''


class _Rows(Dataset[Any]):
    """Any data set."""

    def __len__(self) -> int:
        return 4

    def __getitem__(self, i: int) -> torch.Tensor:
        j = next(iter(WeightedRandomSampler(torch.ones(4).tolist(), num_samples=1)))
        return torch.eye(4)[int(j)].float().clone()


def rehearse() -> Observation:
    """Ask about work of our own; nothing of a learner's is there yet.

    No gradient is computed: torch lets no child of a process do so that has done it itself.
    """
    torch.set_num_threads(1)
    needed(statements([CELL]), {"Doubled"})
    exec(compile(ast.parse(CELL), "<rehearsal>", "exec"), {"__name__": "rehearsal"})
    asked: Any = SimpleNamespace(NAMES=("work",), STUB="def work(x): pass", probe=_probe)
    seen = observe(asked, {"work": _work}, seed=0, seconds=60)
    pack(to_tree(seen))
    return seen


def _probe(ask: Ask, answer: Any) -> None:
    some = torch.rand(3, 4, generator=ask.generator)
    ask.call("some numbers", answer.work, some)
    ask.record("a batch", next(iter(DataLoader(_Rows(), batch_size=2))))
    ask.sample("counts", torch.bincount(torch.multinomial(some, 1)[:, 0], minlength=4))


def _work(x: torch.Tensor) -> torch.Tensor:
    layers = torch.nn.Sequential(torch.nn.Linear(4, 3), torch.nn.ReLU(), torch.nn.Dropout(0.5), torch.nn.Linear(3, 4))
    found = (x.requires_grad_() @ x.T).double()[[0, 1]]
    if not torch.allclose(found, found) or not torch.isclose(found, found).all():
        raise ArithmeticError("numbers differ from themselves")
    return torch.cat([layers(x), torch.where(x > 0, x, -x).sigmoid(), x.sum(1, keepdim=True).expand(3, 4)])
