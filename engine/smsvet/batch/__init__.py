"""Many templates at once: which of them no rule can find anything in, told by arrays over the whole batch.

Takes bodies and the conditions of the rules in force. Gives the bodies that may have a finding; those are reviewed one
by one. It may take a clean body for one to review, never the other way round. Needs numpy.
"""
