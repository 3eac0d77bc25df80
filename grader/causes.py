"""What is likely behind the words of an error: the sentence that a teacher would add."""

from __future__ import annotations

import re

CAUSES = (
    (r"^KeyError", "The dict has no such key: print its keys, and look where this one should have been put in."),
    (r"before Module\.__init__\(\) call", "Call `super().__init__()` first in your `__init__`."),
    (r"must have the same dtype", "Two tensors of different dtypes met, of which your layers may hold one: bring both to float32 by `.float()`."),
    (r"can't be cast to the desired output type", "An integer tensor cannot hold what `/=` or dropout makes of it: turn it into float32 by `.float()` first."),
    (r"Found dtype Double", "A float64 value got in, often from a Python float: make it a float32 tensor."),
    (r"input size \(torch\.Size\(\[\]\)\)", "A `squeeze()` without a number also takes away a batch of one: leave it out, or tell it which dimension."),
    (r"Using a target size", "The two shapes differ: look for a dimension of 1 too many, and remove it with `squeeze(1)`."),
    (r"probability tensor contains either", "The weights hold NaN, infinity or a negative number: look for a division by 0."),
    (r"invalid multinomial distribution", "All weights are 0, so nothing can be drawn: think of the users without any partner."),
    (r"'super' object is not callable", "`super()` stands for the parent's methods: call one by its name, such as `super().forward(...)`."),
    (r"bitwise_\w+.*Float", "`&` and `|` need bool or int tensors: turn the likes into bool by `.bool()` first."),
    (r"could not infer output dtype", "A mean of whole numbers has no dtype of its own: turn them into float32 by `.float()` first."),
    (r"_backward_hooks|_parameters|_modules", "Call `super().__init__()` first in your `__init__`."),
    (r"'(builtin_function_or_method|method|function)'( object has no attribute| and | object is not (subscriptable|iterable))|and '(builtin_function_or_method|method|function)'", "You named a function and did not call it: add `()`, with what it takes."),
    (r"object is not subscriptable", "You index something that has no `[...]`: a sampler is gone through by `next(iter(...))`."),
    (r"addmm_impl_cpu_.*Bool", "Bool tensors cannot be multiplied as matrices: turn them into float32 by `.float()` first."),
    (r"'(int|float|bool|list|str|dict|tuple)' object is not callable", "A value is called like a function: a name such as `len` or `sum` may stand for a variable of yours. Rename that one, and run `del` with the name, such as `del len`."),
    (r"'Tensor' object is not callable", "A tensor is called like a function: does an attribute have the name of a method?"),
    (r"between 0 and 1", "`BCELoss` takes probabilities alone: look for NaN, or for scores that never met a sigmoid."),
    (r"mat1 and mat2 shapes cannot be multiplied|size mismatch, got input|batch1 must be a 3D|inconsistent tensor size", "The matrices do not fit: compare the last dimension of the first with the first of the second."),
    (r"maximum recursion depth", "A function calls itself without end: look for the call that leads back to where it stands."),
    (r"match the size of tensor|shapes? .* (cannot|could not) be broadcast|shape mismatch", "Two shapes do not fit: print both and compare them dimension by dimension."),
    (r"selected index k out of range", "`topk` cannot give more than there are: take the smaller of the two numbers first."),
    (r"out of bounds for dimension", "An id points past the end: print the shape, and see which dimension you index."),
    (r"does not require grad", "Nothing on the way to the loss carries a gradient: look for `detach`, `no_grad` or a copy."),
    (r"nobody can answer `input", "Take the value as an argument instead."),
    (r"is missing the required .forward.", "Your class has no method `forward`: look for a typing error in its name, and whether it stands inside the class."),
    (r"should implement __getitem__", "Your class has no method `__getitem__`: look for a typing error in its name, two underscores on each side, and whether it stands inside the class."),
    (r"forward\(\) (missing|takes|got an unexpected)", "A module is called with other arguments than its `forward` takes: compare the call with the parameters there."),
    (r"required positional argument", "Compare the parameters in your first line with those of the stub."),
    (r"unexpected keyword argument", "Compare the names of the parameters in your first line with those of the stub."),
    (r"takes 1 positional argument but|__init__\(\) takes", "Is `self` the first parameter of each method, and has `__init__` two underscores on each side? If so, compare the parameters with those of the stub."),
    (r"takes .* positional argument", "Compare the parameters in your first line with those of the stub."),
    (r"integer tensors of a single element can be converted", "A whole tensor stands where one number is asked: take its length, or one item of it."),
    (r"tensors used as indices must be|must be integers or slices|only integers, slices", "Only whole numbers or bools are indices: turn them into int64 by `.long()`."),
    (r"invalid combination of arguments|must be Tensor, not|argument .* must be|incompatible function arguments", "An argument is of another kind than the function takes: compare their order and types with its documentation."),
    (r"Boolean value of Tensor with more than one", "`if`, `and`, `or` and `not` ask for one truth value: use `&`, `|` and `~`, or say `any()` or `all()`."),
    (r"a leaf Variable that requires grad|modified by an inplace operation", "A tensor that takes part in the gradient is changed in place: make a new one instead."),
    (r"backward through the graph a second time", "The same graph is gone through twice: compute the loss anew before each `backward()`."),
    (r"can be implicitly created only for scalar", "`backward()` starts from one number: reduce the loss by `mean()` or `sum()` first."),
    (r"Can't call numpy\(\) on Tensor that requires grad", "NumPy cannot follow gradients: stay with torch, or `detach()` where no gradient is wanted."),
    (r"unsupported operand|not supported between", "Two things met that this operator cannot join: look at their types, and at what is still None."),
    (r"not iterable|cannot unpack|too many values to unpack|not enough values to unpack", "The two sides have different numbers of values: print what is unpacked there."),
    (r"list index out of range|index \d+ is out of (range|bounds)|index out of range", "An index points past the end: print the length, and where the index comes from."),
    (r"object has no attribute '(size|dim|shape|dtype)'", "No tensor stands where one is asked: a module is made once, in `__init__`, and then called with the tensors."),
    (r"'(float|int|bool|NoneType|list|tuple|str)' object has no attribute", "That value is no tensor: look where it comes from."),
    (r"referenced before assignment|not associated with a value", "The name is used before it gets a value: look which branch or loop was never entered."),
    (r"division by zero", "Something is divided by 0: think of a user without likes, or of an empty batch."),
    (r"name '.*' is not defined", "Look for a typing error, or run the cell that defines or imports it."),
    (r"'(?!(Tensor|Parameter|ndarray|generator|set|slice|type|Sequential|Linear|Dropout|DataLoader|torch\.\w+)')\w+' object has no attribute", "Look for a typing error, or for a name that `__init__` never set."),
    (r"has no attribute", "Look for a typing error, and print the type of what stands before the dot."),
)
OTHERWISE = "Read the line from the inside out, and print the shapes that meet there."


def cause_of(text: str) -> str:
    """Give the advice for the first pattern that an error shows in "kind: text"."""
    return next((advice for pattern, advice in CAUSES if re.search(pattern, text)), OTHERWISE)
