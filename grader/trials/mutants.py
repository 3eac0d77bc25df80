"""Change a right answer by machine, one place at a time, as a slip of the hand would: mutation testing of a probe.

The operators are those of the field (DeMillo, Lipton and Sayward, "Hints on test data selection", 1978), with a few
of our own trade: a dimension, a reduction, a dropped call.
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterator
from dataclasses import dataclass

BINARY: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult, ast.FloorDiv: ast.Div,
    ast.Pow: ast.Mult, ast.BitAnd: ast.BitOr, ast.BitOr: ast.BitAnd, ast.Mod: ast.FloorDiv,
}  # fmt: skip
COMPARED: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.Gt), ast.LtE: (ast.Lt, ast.GtE), ast.Gt: (ast.GtE, ast.Lt), ast.GtE: (ast.Gt, ast.LtE),
    ast.Eq: (ast.NotEq,), ast.NotEq: (ast.Eq,), ast.Is: (ast.IsNot,), ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,), ast.NotIn: (ast.In,),
}  # fmt: skip
SIBLINGS = {
    "sum": "mean", "mean": "sum", "max": "min", "min": "max", "argmax": "argmin", "any": "all", "all": "any",
    "zeros": "ones", "ones": "zeros", "zeros_like": "ones_like", "ones_like": "zeros_like", "rand": "randn",
    "randn": "rand", "randn_like": "rand_like", "exp": "expm1", "log": "log1p", "square": "abs", "sqrt": "abs",
    "sigmoid": "tanh", "logsigmoid": "sigmoid", "Sigmoid": "Tanh", "train": "eval", "eval": "train", "append": "extend",
    "masked_fill": "masked_fill_", "cumsum": "cumprod", "norm": "sum", "amax": "amin", "log_softmax": "softmax",
}  # fmt: skip

MODULES = ("torch", "F", "functional", "nn", "numpy", "math", "self")  # a call of theirs has no value to fall back on
NOT_CHANGED = (ast.Raise, ast.arguments, ast.Import, ast.ImportFrom)  # words to a reader, names and defaults


@dataclass(frozen=True)
class Mutant:
    """One changed answer: what was changed, as "before -> after", and the whole text."""

    change: str
    source: str


def mutants(source: str, before: str = "") -> list[Mutant]:
    """Give every changed version of a source text, in the order of its lines; `before` stands in front unchanged."""
    tree = ast.parse(source)
    counts: dict[str, int] = {}
    found = []
    left_alone = {id(node) for top in ast.walk(tree) if isinstance(top, NOT_CHANGED) for node in ast.walk(top)}
    confused = _parameters(tree)
    for place, node in enumerate(ast.walk(tree)):
        for change in () if id(node) in left_alone else (*_changes(node), *confused.get(id(node), ())):
            text = f"{_short(node)} -> {_short(change)}"
            counts[text] = counts.get(text, 0) + 1
            label = text if counts[text] == 1 else f"{text} ({counts[text]})"
            found.append((getattr(node, "lineno", 0), Mutant(label, before + _with(tree, place, change))))
    return [mutant for _, mutant in sorted(found, key=lambda pair: pair[0])]


def _parameters(tree: ast.Module) -> dict[int, list[ast.AST]]:
    """Give, for each use of a parameter, by the node's id, the other parameters that may be taken for it."""
    found: dict[int, list[ast.AST]] = {}
    for function in (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)):
        names = [argument.arg for argument in function.args.args if argument.arg != "self"]
        uses = [node for part in function.body for node in ast.walk(part) if isinstance(node, ast.Name)]
        for use in uses:
            if use.id in names and isinstance(use.ctx, ast.Load):
                found[id(use)] = [ast.Name(other, ast.Load()) for other in names if other != use.id]
    return found


def _short(node: ast.AST) -> str:
    return " ".join(ast.unparse(node).split())[:80]


def _with(tree: ast.Module, place: int, change: ast.AST) -> str:
    """Give the text of the tree where the node at that place is another."""
    changed = copy.deepcopy(tree)
    target = list(ast.walk(changed))[place]
    return ast.unparse(ast.fix_missing_locations(_Put(target, change).visit(changed)))


class _Put(ast.NodeTransformer):
    def __init__(self, target: ast.AST, change: ast.AST) -> None:
        self.target, self.change = target, change

    def visit(self, node: ast.AST) -> ast.AST:
        """Exchange the target; go on below any other node."""
        return self.change if node is self.target else self.generic_visit(node)


def _changes(node: ast.AST) -> Iterator[ast.AST]:
    """Give what may stand in a node's place."""
    if isinstance(node, ast.Dict):
        yield from _other_dicts(node)
    elif isinstance(node, ast.expr):
        yield from _other_expressions(node)
    elif isinstance(node, ast.If):
        yield ast.If(ast.UnaryOp(ast.Not(), node.test), node.body, node.orelse)
    elif isinstance(node, ast.AugAssign) and type(node.op) in BINARY:
        yield from (ast.AugAssign(node.target, BINARY[type(node.op)](), node.value), ast.Pass())
    elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
        yield ast.Pass()
    elif isinstance(node, ast.Return) and isinstance(node.value, ast.Tuple):
        yield ast.Return(ast.Tuple(node.value.elts[::-1], ast.Load()))


def _other_expressions(node: ast.expr) -> Iterator[ast.AST]:
    match node:
        case ast.BinOp(left, ast.MatMult() as operator, right):
            yield ast.BinOp(right, operator, left)
        case ast.BinOp(left, operator, right) if type(operator) in BINARY:
            yield ast.BinOp(left, BINARY[type(operator)](), right)
        case ast.Compare(left, [operator], [right]):
            yield from (ast.Compare(left, [other()], [right]) for other in COMPARED[type(operator)])
        case ast.BoolOp(operator, values):
            yield ast.BoolOp(ast.Or() if isinstance(operator, ast.And) else ast.And(), values)
        case ast.UnaryOp(_, operand) if not isinstance(operand, ast.Constant):
            yield operand
        case ast.Constant(bool() | int() | float() as value):
            yield from (ast.Constant(other) for other in _other_constants(value))
        case ast.IfExp(test, body, orelse):
            yield ast.IfExp(test, orelse, body)
        case ast.Slice(lower, upper, None) if lower or upper:
            yield ast.Slice(upper, lower, None)
        case ast.Call():
            yield from _other_calls(node)


def _other_constants(value: bool | int | float) -> tuple[bool | int | float, ...]:
    if type(value) is bool:
        return (not value,)
    if type(value) is int:
        return (value + 1, value - 1)
    return (value * 2, -value) if value else (1.0,)


def _other_dicts(node: ast.Dict) -> Iterator[ast.AST]:
    """Exchange the values of two neighbours."""
    for place in range(len(node.values) - 1):
        one, two = node.values[place : place + 2]
        yield ast.Dict(node.keys, [*node.values[:place], two, one, *node.values[place + 2 :]])


def _other_calls(node: ast.Call) -> Iterator[ast.AST]:
    """Drop a call, an argument by name, or exchange two arguments or the function."""
    function, arguments, keywords = node.func, node.args, node.keywords
    if isinstance(function, ast.Attribute):
        if not (isinstance(function.value, ast.Name) and function.value.id in MODULES):
            yield function.value
        if function.attr in SIBLINGS:
            yield ast.Call(ast.Attribute(function.value, SIBLINGS[function.attr], ast.Load()), arguments, keywords)
    if len(arguments) == 1 and not keywords:
        yield arguments[0]
    if len(arguments) > 1 and not any(isinstance(item, ast.Starred) for item in arguments[:2]):
        yield ast.Call(function, [arguments[1], arguments[0], *arguments[2:]], keywords)
    for place in range(len(keywords)):
        yield ast.Call(function, arguments, keywords[:place] + keywords[place + 1 :])
