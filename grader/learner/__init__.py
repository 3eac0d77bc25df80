"""All that stands in the process that runs a learner's code: it holds no answer."""
