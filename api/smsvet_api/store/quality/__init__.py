"""How reliable reviewers and rules are: blind second reviews, golden items, agreement and precision."""
