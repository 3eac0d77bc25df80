"""Five questions on autoencoders."""

KIND = "quiz"
NAMES = ("quiz_autoencoders",)
NEEDS = ()
STUB = '''
quiz_autoencoders = {
    "width": "",
    "axes": "",
    "price": "",
    "target": "",
    "ending": "",
}
'''


def probe(ask, answer):
    for question in ("width", "axes", "price", "target", "ending"):
        ask.record(question, answer.quiz_autoencoders.get(question), name="quiz_autoencoders")
