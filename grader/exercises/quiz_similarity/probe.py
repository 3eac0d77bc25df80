"""Four questions on likes and likeness."""

KIND = "quiz"
NAMES = ("quiz_similarity",)
NEEDS = ()
STUB = '''
quiz_similarity = {
    "zeros": "",
    "superset": "",
    "empty_row": "",
    "memory": "",
}
'''


def probe(ask, answer):
    ask.filled_in(answer.quiz_similarity, ("zeros", "superset", "empty_row", "memory"), name="quiz_similarity")
