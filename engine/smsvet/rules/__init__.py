"""Rule files: what they can contain, how they are loaded, and when a rule is skipped.

Takes YAML files, optional Python functions and an operator's policy. Gives compiled rules, each with the
trigger that must be met before it can hit. A check turns a document into hits. It keeps no state and cannot
cancel the finding of another rule.
"""
