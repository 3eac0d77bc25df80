"""Answer to `quiz_similarity`."""

POINTS = 4
HINTS = ()
HINTS_FOR = {}
NOTICE = "Shared zeros tell nothing, a longer list dilutes what is shared, an empty one is like nobody, and pairs grow with the square."

quiz_similarity = {"zeros": "b", "superset": "c", "empty_row": "a", "memory": "d"}

EXPLANATIONS = {
    "zeros": {
        "a": "That is simple matching, which counts what neither has met as agreement. Only what somebody likes may count.",
        "c": "0 / 0 arises only where neither user likes anything. Here the union holds 10 items.",
        "d": "Nothing is shared, so the intersection is 0, and 0 divided by any union is 0.",
    },
    "superset": {
        "a": "It would be 1 only for the very same likes. Ben's other likes belong to the union too.",
        "b": "That is Dice, which divides twice the shared likes by the two counts added up. Divide by the union.",
        "d": "The union is not the sum of both counts: what the two share counts once.",
    },
    "empty_row": {
        "b": "With himself he would then still have 1. Only a user without likes has 0 there.",
        "c": "A right function gives this row, since an empty union is given 0. Look at the diagonal once more.",
        "d": "Whoever likes everything shares something with everybody who likes anything, and has 1 with himself.",
    },
    "memory": {
        "a": "That is the memory of 10,000 users' result. Twice the users make more than the same number of pairs.",
        "b": "Twice the users do not make twice the pairs: there is a pair for every user with every user.",
        "c": "Count the bytes of a number once more: float32 takes 4 of them.",
    },
}
