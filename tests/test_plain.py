"""Plain data: what crosses the border, and what does not."""

from __future__ import annotations

import math
import struct

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.learner.plain import NotPlain, Opaque, pack, plain, unpack

LEAVES = st.none() | st.booleans() | st.integers(-(2**62), 2**62) | st.floats(allow_nan=False) | st.text(max_size=20)
TREES = st.recursive(
    LEAVES,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text(max_size=5), inner, max_size=4)
        | st.lists(inner, max_size=4).map(tuple)
    ),
    max_leaves=20,
)


class Liar(torch.Tensor):
    """A tensor that claims to equal everything."""

    def __eq__(self, other):
        return True


@given(TREES)
@settings(max_examples=60, deadline=None)
def test_a_tree_survives_the_border(tree):
    """Whatever is plain comes out as it went in, tuples and all."""
    assert unpack(pack(plain(tree))) == plain(tree)


@pytest.mark.parametrize(
    "dtype", [torch.bool, torch.uint8, torch.int64, torch.float16, torch.bfloat16, torch.float32, torch.float64]
)
def test_a_tensor_survives_the_border(dtype):
    """A tensor keeps its dtype, shape and values."""
    tensor = torch.tensor([[0, 1, 1], [1, 0, 0]]).to(dtype)
    assert torch.equal(unpack(pack(plain([tensor])))[0], tensor)


def test_nan_and_infinity_survive_the_border():
    """NaN and both infinities are encoded in words, since JSON has none."""
    nan, *rest = unpack(pack([math.nan, math.inf, -math.inf]))
    assert (math.isnan(nan), rest) == (True, [math.inf, -math.inf])


def test_a_tensor_is_detached_and_unshared():
    """A change of the learner's tensor after the observation changes nothing."""
    mine = torch.zeros(3, requires_grad=True)
    seen = plain(mine)
    mine.data += 1
    assert (seen.tolist(), seen.requires_grad) == ([0.0, 0.0, 0.0], False)


def test_a_tensor_subclass_is_opaque():
    """A subclass whose `__eq__` lies never gets through as a tensor."""
    assert plain(torch.zeros(2).as_subclass(Liar)) == Opaque("Liar")


@pytest.mark.parametrize(
    "value", [object(), {1: 2}, torch.zeros(1).to_sparse(), torch.zeros(1, dtype=torch.complex64), 2**70]
)
def test_what_is_not_plain_is_opaque(value):
    """Only the kind of such a thing crosses."""
    assert type(plain(value)) is Opaque


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"x",
        struct.pack("<Q", 9**9) + b"{}",
        struct.pack("<Q", 2) + b"{}",
        struct.pack("<Q", 12) + b'{"$":"class"}',
        struct.pack("<Q", 1) + b"1" + b"garbage",
    ],
)
def test_a_forged_reply_is_refused(data):
    """What `pack` did not write is refused with one kind of error."""
    with pytest.raises(NotPlain):
        unpack(data)


def test_a_tensor_has_one_name_alone():
    """A small text that names a large tensor many times is refused."""
    whole = pack([torch.zeros(2), torch.ones(2)])
    with pytest.raises(NotPlain):
        unpack(whole.replace(b'"key": "1"', b'"key": "0"'))


def test_a_text_is_cut_and_says_so():
    """An essay of pages crosses whole; what is longer ends in a sign that something is missing."""
    essay, flood = "word " * 3_000, "word " * 30_000
    assert plain(essay) == essay
    assert plain(plain(flood)) == plain(flood) == flood[:19_996] + " […]"


def test_many_names_of_nothing_are_text_too():
    """Tensors without a number in them take no bytes but those of their names."""
    data = pack([torch.empty(0)] * 100)
    with pytest.raises(NotPlain, match="bytes of text"):
        unpack(data, most_text=5_000)
    assert len(unpack(data, most_text=20_000)) == 100


def test_a_long_text_is_refused():
    """Text takes twenty times its size when it is read, so that there is a limit of its own."""
    with pytest.raises(NotPlain, match="8 bytes of text"):
        unpack(pack([[], []]), most_text=7)
