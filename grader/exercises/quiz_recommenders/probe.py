"""Five questions on recommending and on measuring it."""

KIND = "quiz"
NAMES = ("quiz_recommenders",)
NEEDS = ()
STUB = '''
quiz_recommenders = {
    "cold_start": "",
    "scale": "",
    "cut": "",
    "coins": "",
    "level": "",
}
'''


def probe(ask, answer):
    for question in ("cold_start", "scale", "cut", "coins", "level"):
        ask.record(question, answer.quiz_recommenders.get(question), name="quiz_recommenders")
