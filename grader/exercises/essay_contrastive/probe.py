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
    for question in ("two_words", "relatives", "your_choice"):
        ask.record(question, answer.essay_contrastive.get(question), name="essay_contrastive")
