"""Review many templates at once: array operations over the whole batch select those that need a full review.

Takes bodies and the triggers of the rules in force. Gives the bodies that may have a finding; those are
reviewed one by one. A clean body may be selected, but a body with a finding is never missed. Needs numpy.
"""
