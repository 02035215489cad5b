"""Template syntax: placeholders, their problems and corrections, and comparison of messages with templates.

Takes a body, a provider's grammar, and optionally a rendered text or values. Gives placeholders, problems, a
corrected body, and the differences between a text and its template. The package checks syntax only, not content.
"""
