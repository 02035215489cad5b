"""The interfaces to the engine.

The packages take submissions from the command line, files and HTTP requests, hand them to a `smsvet.Reviewer`
and present its verdicts. They add no rules and never change a verdict. Imports run downwards: `cli` and `http`,
then `files`, then `dates`, `environment` and `wording`. Python callers import `today` from here.
"""

from .dates import today

__all__ = ["today"]
