"""Detect disguised words, links and contacts: homophones, look-alikes, split characters, pinyin, separators.

Takes a normalised text and the words of the lexicons. Gives each disguised word with the named steps that
undo the disguise, and the reason why a candidate was dismissed. Rules decide what a disguise means for the
verdict.
"""
