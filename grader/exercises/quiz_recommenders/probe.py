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
    ask.filled_in(answer.quiz_recommenders, ("cold_start", "scale", "cut", "coins", "level"), name="quiz_recommenders")
