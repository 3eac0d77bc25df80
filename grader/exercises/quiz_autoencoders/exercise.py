"""Answer to `quiz_autoencoders`."""

POINTS = 5
HINTS = ()
HINTS_FOR = {}
NOTICE = "A low reconstruction error proves nothing by itself: copying has the lowest of all. Ask what the code had to leave out."

quiz_autoencoders = {"width": "c", "axes": "a", "price": "d", "target": "b", "ending": "c"}

EXPLANATIONS = {
    "width": {
        "a": "Not so: the error is lowest where everything is copied. It says that nothing was lost, and nothing had to be chosen.",
        "b": "Nobody asked for zeros. With room for every pixel and no price on the code, no unit has a reason to keep silent.",
        "d": "A wide code alone does no harm to unseen rows: what copies one row copies every other as well.",
    },
    "axes": {
        "b": "The span agrees, and the axes do not: turn the code by any invertible matrix, undo it in the decoder, and the loss is the same.",
        "c": "On centred data the plane is PCA's, from every start. It is the axes within it that the start decides.",
        "d": "Only the directions within the plane change with the start. The reconstruction, and so the error, is the best one of that rank.",
    },
    "price": {
        "a": "Zeros would show in the share of zeros, and the question says that there are none. The codes all shrank alike.",
        "b": "A narrower code would cost reconstruction. Here the error stayed what it was.",
        "c": "The codes did answer, they are half as large. Ask what the decoder did at the same time.",
    },
    "target": {
        "a": "That is what the clean `x` as the target would give. Here the noise is part of what is asked for.",
        "c": "The loss is lowest where the output equals the noisy input, and nothing averages the noise away.",
        "d": "It can fall to 0: handing the input through does it, noise and all.",
    },
    "ending": {
        "a": "A bounded output against a target out of reach leaves an error and no message. PyTorch compares any two numbers.",
        "b": "The gradient pulls towards the target, and the sigmoid stops at 0. It has no way to reach -0.8.",
        "d": "0.5 would do if quiet and loud could not be told apart. The network can do better: it goes as near as it may.",
    },
}
