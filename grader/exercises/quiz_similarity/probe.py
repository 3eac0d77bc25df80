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
    for question in ("zeros", "superset", "empty_row", "memory"):
        ask.record(question, answer.quiz_similarity.get(question), name="quiz_similarity")
