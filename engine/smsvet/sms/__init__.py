"""Domain facts about SMS: signatures, company names, variable attributes, opt-out wording, segments and providers.

Takes strings and `grammars/<provider>.yaml`. Gives facts for rules, each with its source in the vendors'
documents. The package handles single values, never whole submissions, and reports no findings.
"""
