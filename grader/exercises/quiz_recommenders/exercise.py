"""Answer to `quiz_recommenders`."""

POINTS = 5
HINTS = ()
HINTS_FOR = {}
NOTICE = "Five questions that are worth asking of every recommender you will meet, your own included."

quiz_recommenders = {"cold_start": "c", "scale": "b", "cut": "a", "coins": "d", "level": "b"}

EXPLANATIONS = {
    "cold_start": {
        "a": "Neighbours are found by common likes, and a newcomer has none. All distances to him say the same.",
        "b": "The decoder rebuilds what it is given. From an empty row it can only say what it would say of anybody.",
        "d": "A wider code holds more about whoever has told something. Nothing has been told here.",
    },
    "scale": {
        "a": "More numbers would hold more only if people used them. Most use the ends.",
        "c": "A scale can be trained on as well as likes can. The trouble begins before, with how people fill it in.",
        "d": "Ten numbers are no burden to a computer. Think of the person who has to choose one.",
    },
    "cut": {
        "b": "Six of the ten are gone, but nothing takes their places: the list was cut before.",
        "c": "What he likes already is taken out in either order. The order decides how many are left.",
        "d": "Ties are broken by the ids in either order. Count what is left of the ten.",
    },
    "coins": {
        "a": "There is nothing to overfit to that would carry over: hidden coins do not depend on those that were seen.",
        "b": "A better model cannot find what is not there. On coin tosses even the true probabilities rank at chance.",
        "c": "With thousands of users luck is small: a gap of twice chance is many standard errors wide.",
    },
    "level": {
        "a": "The interval holds 0, so these data cannot tell the two apart. A mean alone is no evidence.",
        "c": "An interval around 0 does not prove that there is no difference: it says how large one may still be.",
        "d": "Pairing by user is what makes the interval narrow. Two separate intervals would say less, not more.",
    },
}
