"""Placeholders: how a provider writes them, what is wrong with them, and the body written right.

Takes a body and a provider's grammar. Gives placeholders, problems and a corrected body, and holds a rendered text
or values against the template. It judges form alone, never what is said.
"""
