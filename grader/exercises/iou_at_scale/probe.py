"""How alike every two of 10,000 users are, in little memory."""

import torch

NAMES = ("intersection_over_union_at_scale",)
NEEDS = ("intersection", "union")
STUB = '''
def intersection_over_union_at_scale(likes):
    """Divide the likes that two users share by the likes that either has, also for 10,000 users.

    likes: (M, N) of 0 and 1.  Returns: (M, M) float32 in [0, 1]; 0 where neither user likes anything.
    Memory: at most six tensors of shape (M, M) in float32 at any moment, the result included.
    """
    raise NotImplementedError
'''
ISOLATED = True
USERS, ITEMS = 10_000, 100
UNIT_BYTES = USERS**2 * 4
PEAK_LIMIT = 6
ROWS, COLUMNS = 20, 4


def probe(ask, answer):
    for label, likes in like_matrices(ask.generator):
        read = sums if len(likes) > 500 else None
        output = ask.call(label, answer.intersection_over_union_at_scale, likes, read=read)
        if not dense(output) or output.shape != (len(likes), len(likes)):
            return  # a few users tell what is wrong; a list or a sparse tensor of 10,000 would only use up the memory
    if ask.at_scale:
        likes = many_users(ask.generator)
        read = sampled(chosen(ROWS, ask.generator), chosen(COLUMNS, ask.generator))
        ask.call("10,000 users", answer.intersection_over_union_at_scale, likes, read=read)


def dense(output):
    return isinstance(output, torch.Tensor) and output.layout == torch.strided


def sums(output):
    """Tell a large matrix by its rows and columns: all its numbers take long to compare."""
    if not isinstance(output, torch.Tensor) or output.dim() != 2:
        return output
    return {"the sum of each row": output.sum(dim=1), "the sum of each column": output.sum(dim=0)}


def like_matrices(generator):
    """Small and telling first; 173 and 523 users are no multiple of any size that work is cut into."""
    yield "three users", torch.tensor([[1, 1, 0, 0], [0, 1, 1, 0], [1, 1, 1, 0]])
    yield "users without likes", torch.tensor([[1, 0, 1], [0, 0, 0], [0, 0, 0]])
    yield "likes as bool", torch.tensor([[True, False, True, True, False], [True, True, False, True, False]])
    yield "likes as float32", (torch.rand(6, 9, generator=generator) < 0.4).float()
    yield "users with 300 likes", (torch.arange(300) < torch.tensor([[300], [280], [0]])).long()
    yield "one user", torch.tensor([[1, 0, 1]])
    yield "173 users", (torch.rand(173, 12, generator=generator) < 0.3).long()
    yield "523 users", (torch.rand(523, 5, generator=generator) < 0.3).long()


def many_users(generator):
    """Likes of a density of their own for each user, and some users without any."""
    density = 0.6 * torch.rand(USERS, 1, generator=generator)
    likes = (torch.rand(USERS, ITEMS, generator=generator) < density).long()
    likes[::997] = 0
    return likes


def chosen(count, generator):
    """The first user, the last, and some at random between them."""
    return torch.cat([torch.tensor([0, USERS - 1]), torch.randint(USERS, (count - 2,), generator=generator)])


def sampled(rows, columns):
    """Keep the shape, some rows and columns, and a sum of each row: the whole result would be 400 MB."""

    def read(output):
        if not isinstance(output, torch.Tensor) or output.shape != (USERS, USERS):
            return output
        drawn = {"the rows drawn": output[rows], "the columns drawn": output[:, columns]}
        return drawn | sums(output)  # no row may be missing between two blocks

    return read
