"""Regular expressions judged: whether searching for one takes time in proportion to the text.

Takes a pattern. Gives how the steps of its search grow, with a text on which they do. It runs no pattern, reads no
clock and knows nothing of rules or texts of this project.
"""
