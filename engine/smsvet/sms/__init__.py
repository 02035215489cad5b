"""Facts of the trade: signatures and names, variable attributes, opt-out wording, segments, proofs, providers.

Takes strings and `grammars/<provider>.yaml`. Gives facts that rules rest on, each with its source in the vendors'
documents. It reads no submission as a whole and makes no finding.
"""
