"""Training of the learned evidence: from shipped texts, and from an operator's own decisions.

Takes labelled texts and returns a model as text, with its cross-validated recall. Needs scikit-learn (extra
`learn`); reviewing with the model needs nothing.
"""
