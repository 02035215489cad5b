"""Learned evidence: a linear model over character n-grams, read from a file.

Takes a normalised text and returns points for or against an ordinary notice, with the n-grams that weigh most. It
only lowers the decision of a finding, by one step; it never raises one and never trains.
"""
