"""How verdicts and values look, in a notebook and on a page."""
