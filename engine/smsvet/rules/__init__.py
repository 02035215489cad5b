"""Rule files: what they can say, how they are loaded, and when a rule is skipped.

Takes YAML files, the functions beside them and an operator's policy. Gives compiled rules, each with the triggers
without which it cannot hit. A check makes hits from a document; it makes no finding, keeps no state, and cannot
forgive what another rule found.
"""
