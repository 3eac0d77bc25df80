"""Answer to `essay_contrastive`: texts that would get full marks, and the rubric for whoever marks."""

POINTS = 6
HINTS = (
    "For each of the two words, say what goes into its term of the loss: one row and its neighbourhood, or two rows and a label?",
    "For `relatives`, name the cells of this notebook in which you saw it, with the figure that they printed. For `your_choice`, say what you would measure before you believe yourself.",
    "Read the rubric under the questions and tick it off against your own text, line by line.",
)
HINTS_FOR = {}
NOTICE = "A person reads your text and marks it by the rubric that stands under the questions."

# What the notebook asks, for whoever marks.
QUESTIONS = {
    "two_words": 'Somebody in your team says "contrastive" and means "contractive". Explain both to him: what does each look at, what does it need, what does it charge, and what becomes of the code?',
    "relatives": "Which kind of autoencoder from stage 01 is each of the two related to, and why? Say what you measured in this notebook that supports it, and where the likeness ends.",
    "your_choice": "A new shop has 300 customers with about eight likes each, and a small machine. Would you tie the weights? Would you arrange its customers by hard pairs or by a soft target? Decide, give your reasons, say what speaks against your choice, and how you would find out.",
}

# One point for each line that the text fulfils, in its own words; half a point where it is right but gives no reason.
RUBRIC = {
    "two_words": (
        "Contrastive: says that it works on pairs of rows with a label, pulls like ones together and pushes unlike ones apart up to a margin.",
        "Contractive: says that it works on single rows without labels, and charges the encoder's slope (squared Jacobian) so that small changes of the input hardly move the code.",
    ),
    "relatives": (
        "Contractive and denoising: both ask that small changes do not matter; for small noise the extra loss is the squared slope times the variance; names encoder against reconstruction as the difference.",
        "Contrastive: adds a term on the code beside the reconstruction, as the sparse one does, so that the code is pushed towards a goal (or a relation as well argued); what it adds is knowledge of pairs.",
    ),
    "your_choice": (
        "Makes a choice for the case described and gives a reason that follows from its data (few likes, few labels, little memory or time).",
        "Says what speaks against the choice, and how to measure it: held-out likes, a rival that was tuned, several seeds with an interval.",
    ),
}

essay_contrastive = {
    "two_words": (
        "Contrastive looks at two users at once and needs a label that says whether they are alike. Like pairs pay their "
        "squared distance, unlike ones pay for what they lack to the margin, so the code becomes a map on which alike users "
        "are neighbours. Contractive looks at one user and needs no label. It charges the squared slope of the encoder, so that "
        "a small change of the likes hardly moves the code; the reconstruction resists, and keeps the slope where users differ."
    ),
    "relatives": (
        "Contractive is a relative of denoising: both ask that a small change of the input should not matter. I measured that "
        "small noise adds its variance times the squared slope of the reconstruction to the loss; the contractive penalty charges the "
        "encoder's slope instead, and exactly, without a draw. Contrastive is related to the sparse kind, which also adds a term on the code "
        "beside the reconstruction. But it says what the code is for, and takes that from pairs, which no kind of stage 01 has."
    ),
    "your_choice": (
        "With 300 customers of eight likes I would arrange them by the soft IoU target: a border between like and unlike would throw away "
        "most of what so few likes say. I would tie the weights: half the numbers to learn and to keep, and in my runs no difference was to be seen once each "
        "model had its own best learning rate; at a small rate the tied one lost recall, so I would search that rate anew. Against my choice: IoU of "
        "eight likes is itself noisy, and five towns cannot rule out a small loss. I would hold out a fifth of the likes, and compare both, and popularity, on several seeds with an interval."
    ),
}
