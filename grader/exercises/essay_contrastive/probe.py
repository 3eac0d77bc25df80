"""Three short answers, in your own words, on what you built and measured in this stage."""

KIND = "essay"
NAMES = ("essay_contrastive",)
NEEDS = ()
QUESTIONS = ("two_words", "relatives", "your_choice")
MOST_OTHERS = 20
STUB = '''
essay_contrastive = {
    "two_words": "",
    "relatives": "",
    "your_choice": "",
}
'''


def probe(ask, answer):
    texts = answer.essay_contrastive
    for question in QUESTIONS:
        ask.record(question, texts.get(question), name="essay_contrastive")
    for other in [key for key in texts if type(key) is str and key not in QUESTIONS][:MOST_OTHERS]:
        ask.record(other, texts[other], name="essay_contrastive", aside=True)  # under a name of his own, and yet a text
