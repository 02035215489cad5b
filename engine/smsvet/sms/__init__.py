"""Domain facts about SMS: signatures, company names, variable attributes, opt-out wording, segments and providers.

Input: strings and `grammars/<provider>.yaml`. Output: facts for rules, each with its source in the vendors'
documents. The package handles single values, never whole submissions, and reports no findings.
"""
