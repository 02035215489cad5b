"""One text and what stands in it as written: normalised characters, words, links and contacts.

Takes a submitted string. Gives the normalised string with an offset map back to the submitted one, and matches with
their places in code points. It undoes no disguise beyond what normalisation does, and knows no rule and no provider.
"""
