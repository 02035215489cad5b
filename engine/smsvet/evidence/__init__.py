"""Learned evidence: a linear model over character n-grams, read from a file.

Takes the findings of a review and its document. Gives the findings, one step milder where the text reads like an
ordinary notice, with the n-grams that weigh most. It may not make a finding stricter, train a model, or read anything
but the file of the model.
"""
