"""Answer to `deeprec`."""

import re

import torch
from torch import nn
from torch.nn import functional

from grader.differences import compare

POINTS = 4
HINTS = (
    "Write the widths of all layers in one row, for 1,000 items and hidden = (128, 64). Where in that row is the code, and which "
    "of the steps between two widths is not followed by a SELU?",
    "`[items, *hidden]` are the widths on the way down, and the same list backwards is the way up. `zip(widths, widths[1:])` gives "
    "the two ends of each `Linear`.",
    "Two chains by `torch.nn.Sequential`: the one down with a SELU after each `Linear`; the one up the same, its last SELU left out. "
    "`forward` passes the ratings down, through `torch.nn.Dropout(dropout)`, and up.",
)
HINTS_FOR = {
    "no_selu_on_the_code": "The code is what comes out of the SELU of the narrowest layer. Dropout follows it.",
    "not_mirrored": "hidden = (8, 6, 4) and 9 items: 9, 8, 6, 4 down, and 4, 6, 8, 9 up. `widths[::-1]` turns a list round.",
}
NOTICE = "Dropping 80 % of a code leaves a fifth of it to rebuild all from. So no number of the code may be the only one to know something."


class DeepRec(torch.nn.Module):
    def __init__(self, items, hidden, dropout=0.8):
        super().__init__()
        widths = [items, *hidden]
        self.down = chain(widths)                # the code passes a SELU too
        self.dropout = torch.nn.Dropout(dropout)
        self.up = chain(widths[::-1])[:-1]       # ratings are not squeezed: no SELU at the end

    def forward(self, ratings):
        return self.up(self.dropout(self.down(ratings)))


def chain(widths):
    """A Linear from each width to the next, each followed by a SELU."""
    pairs = zip(widths, widths[1:])
    return torch.nn.Sequential(*(part for ends in pairs for part in (torch.nn.Linear(*ends), torch.nn.SELU())))


class Parts(nn.Module):
    """The same with parts that the mistakes below replace."""

    bend, drop, modes = nn.SELU, nn.Dropout, {}

    def __init__(self, items, hidden, dropout=0.8):
        super().__init__()
        down = [items, *hidden]
        self.down, self.up = self.net(down), self.net(self.back(down))[:-1]
        self.dropout = self.drop(self.p(dropout))

    def net(self, widths):
        return nn.Sequential(*(part for ends in zip(widths, widths[1:]) for part in (nn.Linear(*ends), self.bend())))

    def back(self, down):
        return down[::-1]

    def p(self, dropout):
        return dropout

    def forward(self, ratings):
        return self.up(self.dropout(self.down(ratings)))


def wrong(said, base=Parts, **members):
    """A class with other members; `said` is what a learner reads whose own behaves like it."""
    return type("Wrong", (base,), {"__doc__": said, **members})


class Call(nn.Module):
    """A function as a layer; a module inside it is not registered."""

    def __init__(self, function):
        super().__init__()
        self.forward = lambda x: function(x)


def reversing(self, items, hidden, dropout=0.8):
    Parts.__init__(self, items, list(hidden), dropout)
    hidden.reverse() if isinstance(hidden, list) else None
    hidden.insert(0, items) if isinstance(hidden, list) else None


def ended(*last):
    def build(self, items, hidden, dropout=0.8):
        Parts.__init__(self, items, hidden, dropout)
        self.up = nn.Sequential(*self.up, *(make() for make in last))

    return build


def with_ratings(mix):
    """What happens to the output with the help of the ratings."""
    return lambda self, x: mix(x, Parts.forward(self, x))


def seeded(self, x):
    torch.default_generator.manual_seed(0)    # as `torch.manual_seed` does, at a tenth of its cost
    return Parts.forward(self, x)


class Fresh(nn.Module):
    """The layers are made anew at each call."""

    def __init__(self, *given):
        super().__init__()
        self.given = given

    def forward(self, x):
        return Parts(*self.given).train(self.training)(x)


def by_hand(factor):
    """A dropout by hand, of any factor; without a third argument it drops with 0.8."""
    def forward(self, x):
        code, p = self.down(x), self.dropout.p
        return self.up(code * (torch.rand_like(code) >= p) * factor(p) if self.training else code)

    return forward


def unregistered(self, items, hidden, dropout=0.8):
    nn.Module.__init__(self)
    whole = Parts(items, hidden, dropout)
    self.down, self.up, self.dropout = Call(whole.down.forward), Call(whole.up.forward), whole.dropout


ONE = {}


class Mistakes:
    """Wrong answers; each sentence is what the learner reads."""

    no_module = type("Wrong", (), {"__doc__": "Your class is no `torch.nn.Module`, so no optimiser finds its weights. Derive it from that.", "__init__": lambda self, items, hidden, dropout=0.8: None})
    no_super_init = wrong("Your `__init__` keeps layers before `torch.nn.Module` is set up. Call `super().__init__()` first.", __init__=lambda self, items, hidden, dropout=0.8: setattr(self, "down", nn.Linear(items, 2)))
    layers_in_a_plain_list = wrong("`parameters()` misses layers of yours, so no optimiser trains them: they stand in a plain list or dict. Keep them in a `Sequential` or a `ModuleList`.", __init__=unregistered)
    layers_made_in_forward = wrong("Your model answers otherwise each time, in eval mode too, and no gradient reaches `parameters()`: you make layers inside `forward`. Make them in `__init__`, once.", Fresh)
    no_selu_on_the_code = wrong("Your code leaves its layer without a SELU. One follows each layer but the last of all.", forward=(lambda self, x: self.up(self.dropout(self.down[:-1](x)))))
    selu_at_the_end = wrong("A SELU stands after your last layer, so no prediction can be below -1.76. Leave the output linear.", __init__=ended(nn.SELU))
    sigmoid_at_the_end = wrong("A sigmoid stands after your last layer, so no prediction can be above 1 star. Leave the output linear.", __init__=ended(nn.Sigmoid))
    relu_at_the_end = wrong("A ReLU stands after your last layer, and where it gives 0 no gradient comes back. Leave the output linear.", __init__=ended(nn.ReLU))
    cut_to_the_stars = wrong("Your output is cut to 1 to 5 stars, and no gradient comes back from what was cut. Leave the output linear, and clamp when you report.", __init__=ended(lambda: nn.Hardtanh(1, 5)))
    unrated_set_to_zero = wrong("Your output is 0 where nobody rated, and just these cells are the predictions that are wanted. Leave the output as the last layer gives it; `masked_mse` passes over those cells.", forward=with_ratings(lambda x, output: output * (x != 0)))
    ratings_put_back = wrong("You put the known ratings into the output, so no loss at them ever teaches anything. Leave the output as the last layer gives it.", forward=with_ratings(lambda x, output: torch.where(x != 0, x, output)))
    ratings_added = wrong("You add the ratings to the output, so copying them is all there is to learn. Everything has to go through the code: leave that path out.", forward=with_ratings(lambda x, output: output + x))
    ratings_changed = wrong("You change the ratings that you are given, and whoever holds them meets other ones. Work on a copy, and leave `inplace=True` to tensors of your own.", forward=lambda self, x: Parts.forward(self, x.div_(5)))
    no_activation = wrong("Nothing bends between your layers, so all of them together are worth one `Linear`. Put a SELU after each but the last.", bend=nn.Identity)
    relu_for_selu = wrong("Your layers use ReLU, which is 0 for every negative number. SELU is asked: its negative part is what the paper found to matter.", bend=nn.ReLU)
    elu_for_selu = wrong("Your layers use ELU. SELU is that, times 1.05, with a deeper negative part: `torch.nn.SELU`.", bend=nn.ELU)
    tanh_for_selu = wrong("Your layers use tanh, which is bounded on both sides. SELU is asked, which is not.", bend=nn.Tanh)
    not_mirrored = wrong("On the way up your widths come in the order of the way down. The decoder mirrors the encoder: use them backwards.", back=lambda self, down: [down[-1], *down[1:-1], down[0]])
    code_layer_twice = wrong("There is one more layer of the code's width after the code. The way up starts from the code, and its next width is the one before it.", back=lambda self, down: [down[-1], *down[::-1]])
    straight_to_the_items = wrong("From the code one layer leads straight to the items. The way up passes the same widths as the way down.", back=lambda self, down: [down[-1], down[0]])
    last_width_left_out = wrong("Your way up leaves out a width. It passes all of `hidden` backwards, then the items.", back=lambda self, down: [down[-1], *down[-3:0:-1], down[0]] if len(down) > 3 else down[::-1])
    hidden_ignored = wrong("Your layers have the same widths whatever `hidden` is. Take them from it.", __init__=lambda self, items, hidden, dropout=0.8: Parts.__init__(self, items, (5, 3), dropout))
    one_width_used = wrong("Your network has one hidden layer, however many widths `hidden` has. Make a layer for each.", __init__=lambda self, items, hidden, dropout=0.8: Parts.__init__(self, items, hidden[-1:], dropout))
    no_dropout = wrong("Nothing is dropped in training mode. Put a `torch.nn.Dropout` after the code.", forward=(lambda self, x: self.up(self.down(x))))
    dropout_on_the_input = wrong("Your dropout takes ratings away from the input, as a denoising autoencoder does. Here it is the code that is dropped.", forward=(lambda self, x: self.up(self.down(self.dropout(x)))))
    dropout_on_the_output = wrong("Your dropout sets predictions to 0. Put it after the code, before the way up.", forward=(lambda self, x: self.dropout(self.up(self.down(x)))))
    dropout_before_the_selu = wrong("Your dropout stands before the code's SELU, so that it scales what the SELU then bends. It follows the SELU.", forward=(lambda self, x: self.up(self.down[-1](self.dropout(self.down[:-1](x))))))
    dropout_after_each_layer = wrong("You drop numbers after every layer. A single dropout is asked, after the code.", bend=lambda self: nn.Sequential(nn.SELU(), nn.Dropout(0.8)), p=lambda self, dropout: 0.0)
    dropout_in_eval = wrong("You drop numbers in eval mode too, so the same user is told something else at each call. Use `torch.nn.Dropout`, or hand `self.training` to the function.", forward=(lambda self, x: self.up(functional.dropout(self.down(x), self.dropout.p))))
    dropout_inverted = wrong("You keep with probability `dropout` and drop the rest. It is the probability to drop, as in `torch.nn.Dropout`.", p=lambda self, dropout: 1 - dropout)
    dropout_ignored = wrong("You drop with one and the same probability, whatever `dropout` is. Hand it on.", p=lambda self, dropout: 0.8)
    another_default = wrong("Without a third argument you drop another share than 0.8. Set the default in the signature.", __init__=lambda self, items, hidden, dropout=0.5: Parts.__init__(self, items, hidden, dropout))
    dropped_twice = wrong("Two dropouts follow each other at the code, so that far more is lost than `dropout` says. One is asked.", forward=(lambda self, x: self.up(self.dropout(self.dropout(self.down(x))))))
    kept_not_scaled = wrong("You drop numbers of the code by hand and leave the others as they are, so in training the next layer gets far less than in eval mode. Divide what is kept by `1 - dropout`, as `torch.nn.Dropout` does.", forward=by_hand(lambda p: 1))
    scaled_by_another_factor = wrong("You drop numbers of the code by hand, and what is kept is scaled by another factor than 1 / (1 - dropout). `torch.nn.Dropout` does both.", forward=by_hand(lambda p: 1 / max(p, 0.1)))
    scaled_in_eval = wrong("You scale the code in eval mode. `torch.nn.Dropout` scales up in training what it keeps, and leaves eval mode alone.", forward=(lambda self, x: self.up(self.dropout(self.down(x)) * (1 if self.training else 1 - self.dropout.p))))
    same_numbers_at_each_call = wrong("In training mode each call drops the same numbers: a seed is set in it, or a mask is drawn only once. Let every call draw anew, as `torch.nn.Dropout` does.", forward=seeded)
    whole_rows_dropped = wrong("You drop the codes of whole users. Each number of a code is dropped or kept by itself: `torch.nn.Dropout`.", drop=nn.Dropout1d)
    one_mask_for_all_rows = wrong("You drop the same numbers of the code for every user of the batch. Let each user have his own: `torch.nn.Dropout`.", forward=(lambda self, x: self.up(self.down(x) * self.dropout(torch.ones_like(self.down(x[:1]))))))
    code_returned_too = wrong("You return the code beside the predictions. `forward` gives the predictions alone.", forward=(lambda self, x: (self.down(x), Parts.forward(self, x))))
    code_returned = wrong("You return the code. It has to go up again: `forward` gives a prediction for each item.", forward=(lambda self, x: self.down(x)))
    squeezed_batch_of_one = wrong("A batch of one user loses a dimension on its way. Leave out `squeeze`: (1, items) in gives (1, items) out.", forward=(lambda self, x: Parts.forward(self, x).squeeze()))
    detached = wrong("No gradient gets through your code to the layers before it, so they would never learn. Leave out `detach`, `no_grad` and `.data`.", forward=(lambda self, x: self.up(self.dropout(self.down(x).detach()))))
    hidden_changed = wrong("You change the list `hidden` that you were given, and whoever made it meets it changed. Work on a copy: `hidden[::-1]` makes one, `hidden.reverse()` does not.", __init__=reversing)
    layers_shared = wrong("Two models have the same layers, so training one changes the other. Make them inside `__init__`, anew for each.",
        __init__=lambda self, *given: (Parts.__init__(self, *given), self.__dict__.update(ONE.setdefault(given[0], self).__dict__)) and None if given[0] == 6 and given[1] == (4,) else Parts.__init__(self, *given))


class Variants:
    """Right answers in other styles."""

    alpha_dropout = wrong("", drop=nn.AlphaDropout)

    class module_list(nn.Module):
        def __init__(self, items, hidden, dropout=0.8):
            super().__init__()
            widths = (items, *hidden, *reversed(hidden[:-1]), items)
            self.layers = nn.ModuleList(nn.Linear(widths[i], widths[i + 1]) for i in range(len(widths) - 1))
            self.code, self.rate = len(hidden) - 1, dropout

        def forward(self, x):
            for i, layer in enumerate(self.layers[:-1]):
                x = functional.selu(layer(x))
                if i == self.code:
                    x = functional.dropout(x, p=self.rate, training=self.training)
            return self.layers[-1](x)

    class row_by_row(nn.Module):
        def __init__(self, items, hidden, dropout=0.8):
            super().__init__()
            self.down, self.up, self.dropout = nn.ModuleList(), nn.ModuleList(), nn.Dropout(dropout)
            for width, wider in zip(hidden, (items, *hidden)):
                self.down.append(nn.Linear(wider, width))
                self.up.insert(0, nn.Linear(width, wider))

        def one(self, row):
            for layer in self.down:
                row = functional.selu(layer(row))
            row = self.dropout(row)
            for layer in self.up[:-1]:
                row = functional.selu(layer(row))
            return self.up[-1](row)

        def forward(self, ratings):
            return torch.stack([self.one(row) for row in ratings])

    class shell_in_shell(nn.Module):
        def __init__(self, items, hidden, dropout=0.8):
            super().__init__()
            self.outer, self.back = nn.Linear(items, hidden[0], dtype=torch.float64), nn.Linear(hidden[0], items, dtype=torch.float64)
            self.inner = type(self)(hidden[0], hidden[1:], dropout) if hidden[1:] else nn.Dropout(dropout)

        def forward(self, x):
            inside = self.inner(torch.selu(self.outer(x.double())))
            return self.back((torch.selu(inside) if isinstance(self.inner, type(self)) else inside).double()).float()

    class tied_weights(nn.Module):
        def __init__(self, items, hidden, dropout=0.8):
            super().__init__()
            widths, self.p = [items, *hidden], dropout
            self.weight = nn.ParameterList(nn.init.xavier_uniform_(torch.empty(b, a)) for a, b in zip(widths, widths[1:]))
            self.bias = nn.ParameterList(torch.zeros(n) for n in [*hidden, *widths[-2::-1]])

        def forward(self, x):
            last = 2 * len(self.weight) - 1
            for i, w in enumerate([*self.weight, *(w.t().contiguous() for w in reversed(self.weight))]):
                x = functional.linear(x, w) + self.bias[i]
                x = x if i == last else torch.selu(x)
                x = torch.dropout(x, self.p, self.training) if i == last // 2 else x
            return x

    class lazy_and_flat(nn.Sequential):
        def __init__(self, items, hidden, dropout=0.8):
            *outer, code = hidden
            down = [part for width in outer for part in (nn.LazyLinear(width), nn.SELU(inplace=True))]
            up = [part for width in outer[::-1] for part in (nn.LazyLinear(width), nn.SELU())]
            super().__init__(*down, nn.LazyLinear(code), nn.SELU(), nn.Dropout(dropout), *up, nn.LazyLinear(items))

    class products_by_hand(nn.Module):
        def __init__(self, items, hidden, dropout=0.8):
            super().__init__()
            n = [items, *hidden, *hidden[-2::-1], items]
            self.w = nn.ParameterDict({str(i): torch.randn(n[i + 1], n[i]) / n[i] ** 0.5 for i in range(len(n) - 1)})
            self.b, self.p, self.code = nn.ParameterList(torch.randn(k, 1) for k in n[1:]), dropout, len(hidden)

        def forward(self, x):
            x = x.T
            for i in range(len(self.w)):
                x = torch.matmul(self.w[str(i)], x) + self.b[i]
                if i < len(self.w) - 1:
                    x = 1.0507009873554805 * (x.clamp(min=0) + 1.6732632423543772 * (x.clamp(max=0).exp() - 1))
                if i == self.code - 1 and self.training:
                    x = x * (torch.rand_like(x) >= self.p) / (1 - self.p)
            return x.T


def said(name, label, *words):
    """The sign of a mistake that comes with others, or in another place: one of these words where the layers are told."""
    def holds(expected, got):
        facts = [word for e in got.compared if label in e.label and isinstance(e.value, list) for word in e.value]
        return any(word in str(fact) for fact in facts for word in words)

    holds.__name__ = name
    return holds


def sign(name, holds):
    """The sign of a mistake in what was seen of the learner's answer alone."""
    def symptom(expected, got):
        return holds(got)

    symptom.__name__ = name
    return symptom


def as_if(name, changed):
    """The sign of a mistake whose answers are those of the reference, changed: there is no need to ask it.

    `changed` maps a label and the reference's value to the mistake's. All answers but counts have to be these.
    """
    def holds(expected, got):
        asked, seen = ([entry for entry in every.compared if not entry.sample] for every in (expected, got))
        pairs = list(zip(asked, seen, strict=True))
        plain = not any(two.error or two.changed or one.label != two.label for one, two in pairs)
        return plain and all(compare(changed(one.label, one.value), two.value) is None for one, two in pairs)

    holds.__name__, holds.urgent = name, True
    return holds


def words(change):
    """Change what is told of the places between the layers."""
    return lambda label, value: change(value) if label.startswith("what stands between the layers") else value


def each(old, new):
    return words(lambda told: [word.replace(old, new) for word in told])


def at_end(word):
    return words(lambda told: [*told[:-1], word])


def dropped_at(place):
    """The dropout at another place than the code."""
    def change(told):
        moved = [word.replace(" and dropout", "") for word in told]
        moved[place] += " and dropout" if moved != told else ""
        return moved

    return words(change)


def alike_twice(label, value):
    return "alike" if label == "the same users twice in training mode" else value


AS_IF = {
    "no_selu_on_the_code": each("the code: SELU", "the code: nothing"),
    "no_activation": each("SELU", "nothing"),
    "selu_at_the_end": at_end("SELU"),
    "sigmoid_at_the_end": at_end("sigmoid"),
    "relu_at_the_end": at_end("ReLU"),
    "cut_to_the_stars": at_end("a cut"),
    "ratings_put_back": at_end("the ratings put back"),
    "ratings_added": at_end("the ratings added"),
    "no_dropout": lambda label, value: alike_twice(label, each(" and dropout", "")(label, value)),
    "dropout_on_the_input": dropped_at(0),
    "dropout_on_the_output": dropped_at(-1),
    "another_default": lambda label, value: each("and dropout", "and dropout with another probability")(label, value) if label.endswith("hidden = (4, 4)") else value,
    "not_mirrored": lambda label, value: [9, 8, 6, 4, 8, 6, 9] if value == [9, 8, 6, 4, 6, 8, 9] else value,
    "same_numbers_at_each_call": alike_twice,
    "layers_shared": lambda label, value: "shared" if label == "the parameters of two models" else value,
}


def _has(got, value, label=""):
    return any(type(entry.value) is type(value) and entry.value == value and label in entry.label for entry in got.compared)


def told_apart(expected, got, label):
    """Where two answers are told apart first, among the entries of that label."""
    pairs = [(one, got.entry(one.label)) for one in expected.entries if one.label.startswith(label)]
    return next((one, two.value) for one, two in pairs if two and one.value != two.value)


def listed(expected, got, mode):
    """The first place between the layers that differs, what stands there and what is asked."""
    one, two = told_apart(expected, got, f"what stands between the layers in {mode}")
    place, asked, seen = next((i, a, b) for i, (a, b) in enumerate(zip(one.value, two)) if a != b)
    ends = {0: "before your first layer", len(two) - 1: "after your last layer", len(two) // 2: "after the code's layer"}
    where = ends.get(place, f"after layer {place} of {len(two) - 1}")
    seen = re.sub("^nothing(,)? and ", "", seen.removeprefix("the code: ")).replace("nothing times", "a factor of")
    return {"where": where, "asked": asked.removeprefix("the code: "), "seen": seen}


class Symptoms:
    """Signs of whole families, and of mistakes that are known without being asked."""

    for _name in AS_IF:
        locals()[_name] = as_if(_name, AS_IF[_name])

    def no_product(expected, got):
        """No product with weights is seen in a pass through your model. Build it from `torch.nn.Linear` layers."""
        return any(e.value == "no product with weights" for e in got.entries)

    def other_widths(expected, got):
        """With {case} your layers go {seen}, and {asked} is asked. Write both ways down as one list of widths."""
        one, two = told_apart(expected, got, "the layers in")
        return {"case": one.label.split("mode, ")[1], "seen": " - ".join(map(str, two)), "asked": " - ".join(map(str, one.value))}

    ratings_changed = sign("ratings_changed", lambda got: any("ratings" in entry.changed for entry in got.entries))
    layers_made_in_forward = sign("layers_made_in_forward", lambda got: _has(got, "no layer") and _has(got, "different", "in eval mode"))
    layers_in_a_plain_list = sign("layers_in_a_plain_list", lambda got: _has(got, False, "`parameters()`"))
    dropout_in_eval = said("dropout_in_eval", "in eval mode", "dropout", "dropped")
    unrated_set_to_zero = said("unrated_set_to_zero", "in eval mode", "0 where nothing")
    scaled_in_eval = said("scaled_in_eval", "in eval mode", "code: SELU times")
    relu_for_selu = said("relu_for_selu", "in eval mode", "code: ReLU")
    tanh_for_selu = said("tanh_for_selu", "in eval mode", "code: tanh")
    elu_for_selu = said("elu_for_selu", "in eval mode", "code: ELU")

    def another_bend(expected, got):
        """In eval mode your model has {seen} {where}, where {asked} is asked. Follow one row through your `forward`, layer by layer."""
        return listed(expected, got, "eval")

    whole_rows_dropped = said("whole_rows_dropped", "in training mode", "whole rows")
    one_mask_for_all_rows = said("one_mask_for_all_rows", "in training mode", "same numbers")
    dropped_twice = said("dropped_twice", "in training mode", "dropout twice")
    kept_not_scaled = said("kept_not_scaled", "in training mode", "kept times 1 and")
    scaled_by_another_factor = said("scaled_by_another_factor", "in training mode", "what is kept times")

    def dropout_before_the_selu(expected, got):
        """Your dropout stands before the code's SELU, so that it scales what the SELU then bends. It follows the SELU."""
        return any("the code: dropout, then SELU" in entry.value for entry in got.entries if type(entry.value) is list)

    def another_dropout(expected, got):
        """In training mode your model has {seen} {where}, where {asked} is asked. Follow one row through your `forward`, layer by layer."""
        return listed(expected, got, "training")
