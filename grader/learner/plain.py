"""Plain data: the only things that cross from the learner's process to the judge's."""

from __future__ import annotations

import json
import math
import struct
from dataclasses import dataclass
from typing import Any

import torch

MAX_BYTES = 64 * 2**20
MAX_DEPTH = 8
MAX_ITEMS = 20_000
MAX_TEXT = 4_000
MAX_VALUE_TEXT = 20_000  # of a text that is an answer itself, as in an essay
CUT = " […]"
DTYPES = frozenset(
    {
        torch.bool,
        torch.uint8,
        torch.int8,
        torch.int16,
        torch.int32,
        torch.int64,
        torch.float16,
        torch.bfloat16,
        torch.float32,
        torch.float64,
    }
)


@dataclass(frozen=True)
class Opaque:
    """Something that is no plain data: only what kind of thing it was crosses."""

    kind: str


class NotPlain(ValueError):
    """What came over the border is not what `pack` writes."""


def plain(value: Any, depth: int = 0) -> Any:
    """Copy `value` into plain data; what has no plain form becomes `Opaque`.

    Types are compared exactly, so a subclass with an `__eq__` of its own never gets through.
    """
    kind = type(value)
    if value is None or kind in (bool, float):
        return value
    if kind is int:
        return value if value.bit_length() < 64 else Opaque("a huge int")
    if kind is str:
        return value if len(value) <= MAX_VALUE_TEXT else value[: MAX_VALUE_TEXT - len(CUT)] + CUT
    if kind in (torch.Tensor, torch.nn.Parameter):
        return _plain_tensor(value)
    if kind in (list, tuple, dict) and (depth >= MAX_DEPTH or len(value) > MAX_ITEMS):
        return Opaque(f"a {kind.__name__} of {len(value)} items")
    if kind in (list, tuple):
        return kind(plain(item, depth + 1) for item in value)
    if kind is dict and all(type(key) is str for key in value):
        return {key[:MAX_TEXT]: plain(item, depth + 1) for key, item in value.items()}
    return value if kind is Opaque else Opaque(str(kind.__name__)[:100])


def _plain_tensor(tensor: torch.Tensor) -> torch.Tensor | Opaque:
    if tensor.layout != torch.strided or tensor.device.type != "cpu" or tensor.dtype not in DTYPES:
        return Opaque(f"a {tensor.layout} tensor of {tensor.dtype} on {tensor.device.type}"[:100])
    if tensor.numel() * tensor.element_size() > MAX_BYTES:
        return Opaque(f"a tensor of shape {tuple(tensor.shape)}")
    return tensor.detach().clone(memory_format=torch.contiguous_format)


def stretched(value: Any, depth: int = 0) -> bool:
    """Whether a tensor pretends to a size that it has no memory for, as `expand` makes; to read it could take hours."""
    if type(value) in (list, tuple):
        return depth < MAX_DEPTH and any(stretched(item, depth + 1) for item in value[:MAX_DEPTH])
    if type(value) not in (torch.Tensor, torch.nn.Parameter) or value.layout != torch.strided:
        return False
    size: int = value.numel() * value.element_size()
    return bool(size > max(MAX_BYTES, 16 * value.untyped_storage().nbytes()))


def pack(value: Any) -> bytes:
    """Write plain data as a JSON text, its length before it, and its tensors as safetensors."""
    from safetensors.torch import save

    tensors: dict[str, torch.Tensor] = {}
    text = json.dumps(_encode(value, tensors)).encode()
    return struct.pack("<Q", len(text)) + text + (save(tensors) if tensors else b"")


def unpack(data: bytes, most_text: int | None = None) -> Any:
    """Read what `pack` wrote, from a source that is not trusted; of `most_text` bytes of text at most (`text_of`).

    Raises `NotPlain` for anything else: no class is looked up and nothing is run.
    """
    from safetensors.torch import load

    try:
        (length,) = struct.unpack_from("<Q", data)
        if most_text is not None and text_of(data) > most_text:
            raise NotPlain(f"a reply with {text_of(data)} bytes of text")
        tree, blob = json.loads(data[8 : 8 + length]), data[8 + length :]
        return _decode(tree, load(blob) if blob else {}, 0)
    except NotPlain:
        raise
    except Exception as error:  # a hostile reply may break the readers in any way
        raise NotPlain(f"unreadable reply of {len(data)} bytes: {type(error).__name__}") from error


def text_of(data: bytes) -> int:
    """Count the bytes of text in what `pack` wrote: its JSON, and the names of its tensors.

    Read, text takes twenty times as much memory as it is long, and numbers take no more than they are.
    """
    (text,) = struct.unpack_from("<Q", data)
    (names,) = struct.unpack_from("<Q", data, 8 + text) if len(data) > 8 + text else (0,)
    return int(text + names)


def _encode(value: Any, tensors: dict[str, torch.Tensor]) -> Any:
    if isinstance(value, torch.Tensor):
        key = str(len(tensors))
        tensors[key] = value
        return {"$": "tensor", "key": key}
    if isinstance(value, float) and not math.isfinite(value):
        return {"$": "float", "text": repr(value)}
    if isinstance(value, Opaque):
        return {"$": "opaque", "kind": value.kind}
    if isinstance(value, tuple):
        return {"$": "tuple", "items": [_encode(item, tensors) for item in value]}
    if isinstance(value, dict):
        return {"$": "dict", "items": [[key, _encode(item, tensors)] for key, item in value.items()]}
    if isinstance(value, list):
        return [_encode(item, tensors) for item in value]
    return value


def _decode(tree: Any, tensors: dict[str, torch.Tensor], depth: int) -> Any:
    if depth > 2 * MAX_DEPTH:
        raise NotPlain("a reply is nested too deeply")
    if isinstance(tree, list):
        return [_decode(item, tensors, depth + 1) for item in tree]
    if not isinstance(tree, dict):
        return tree
    match tree:
        case {"$": "tensor", "key": str(key)} if key in tensors:
            return tensors.pop(key)  # `pack` names each once: a million names for one would take hours to read
        case {"$": "float", "text": "nan" | "inf" | "-inf" as text}:
            return float(text)
        case {"$": "opaque", "kind": str(kind)}:
            return Opaque(kind[:100])
        case {"$": "tuple", "items": list(items)}:
            return tuple(_decode(item, tensors, depth + 1) for item in items)
        case {"$": "dict", "items": list(items)}:
            return {str(key): _decode(item, tensors, depth + 1) for key, item in items}
    raise NotPlain(f"a reply holds an unknown tag {tree.get('$')!r:.40}")
