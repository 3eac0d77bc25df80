"""The fast intersection over union gives the numbers of the plain one, and writes little beside them."""

import pytest
import torch
from ladder import iou
from ladder.iou import overlap, overlap_in_blocks
from lesson.data import random_likes
from lesson.memory import peak_bytes


@pytest.fixture(params=[True, False], ids=["small integers", "float32"])
def arithmetic(request, monkeypatch):
    """Work with 8-bit integers where they are there, and without them."""
    if request.param and not iou._has_small_integers():
        pytest.skip("this build of torch has no product of 8-bit integers on this machine")
    monkeypatch.setattr(iou, "_has_small_integers", lambda: request.param)


@pytest.mark.usefixtures("arithmetic")
@pytest.mark.parametrize("shape", [(1, 1), (31, 7), (32, 8), (65, 9), (1_030, 300)])
@pytest.mark.parametrize("dtype", [torch.int64, torch.bool, torch.float32])
def test_the_numbers_are_the_same(shape, dtype):
    """Bit for bit, at the edges of the tiles too, whatever the likes arrive as."""
    likes = random_likes(*shape, p=0.3).to(dtype)
    assert torch.equal(overlap_in_blocks(likes), overlap(likes))


@pytest.mark.usefixtures("arithmetic")
def test_counts_beyond_a_byte_are_right():
    """Three hundred shared likes are more than 8 bits hold."""
    assert torch.equal(overlap_in_blocks(torch.ones(40, 300)), torch.ones(40, 40))


def test_nothing_but_the_result_has_its_size():
    """At 2,000 users the peak stays below 1.2 results; the plain formula takes more than three."""
    likes = random_likes(users=2_000, items=100)
    result = 4 * len(likes) ** 2
    assert peak_bytes(lambda: overlap_in_blocks(likes)) < 1.2 * result
    assert peak_bytes(lambda: overlap(likes)) > 3 * result


def test_without_the_private_product_float32_is_used(monkeypatch):
    """A torch that has lost it, or whose product is another one, costs time and no result."""
    monkeypatch.delattr(torch, "_int_mm")
    assert not iou._has_small_integers()
