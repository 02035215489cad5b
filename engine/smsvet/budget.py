"""The budget of work for one review, in steps that are the same on every machine and path.

A review past its budget ends with the fault `budget`, and the verdict is manual review. Fields are searched up to
SEARCHED code points, so that a template never exceeds the budget; only many long values do.
"""

from __future__ import annotations

READ_STEPS = 100
"""Steps that reading a text takes, besides one for each code point."""

MAX_READ_STEPS = 60_000
"""Steps that reading all texts of a submission may take. 20 texts of 3000 code points fit."""

MAX_RULE_STEPS = 6_000_000
"""Steps that all rules may take: each takes one for each code point that was read."""

FAULT = "budget"
"""The name of the fault."""

READING = f"reading the values takes more than {MAX_READ_STEPS} steps"
RULES = f"the rules take more than {MAX_RULE_STEPS} steps"
