"""Words, links and contacts in disguise: homophones, look-alikes, split characters, pinyin, separators.

Takes a normalised text and the words of the lexicons. Gives each word that is there only in disguise, with the
named steps that undo it, and the reason why a reading was dismissed. It decides nothing: a rule does.
"""
