"""Three short answers, in your own words, on what you built and measured in this stage."""

KIND = "essay"
NAMES = ("essay_contrastive",)
NEEDS = ()
STUB = '''
essay_contrastive = {
    "two_words": "",
    "relatives": "",
    "your_choice": "",
}
'''


def probe(ask, answer):
    ask.filled_in(answer.essay_contrastive, ("two_words", "relatives", "your_choice"), name="essay_contrastive")
