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
    ask.filled_in(answer.quiz_autoencoders, ("width", "axes", "price", "target", "ending"), name="quiz_autoencoders")
