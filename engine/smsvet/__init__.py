"""Review SMS signatures, templates and messages before a carrier or a cloud vendor does."""

from .document import HOLE, Document, Text
from .model import (
    Account,
    Contact,
    Decision,
    Fault,
    Finding,
    Hit,
    Link,
    Placeholder,
    Problem,
    Proof,
    Sent,
    Span,
    Submission,
    SubmissionError,
    Term,
    Variable,
    Verdict,
)
from .provider import Provider
from .reading import SEARCHED, bind
from .review import Reviewer
from .source import ContentError

__all__ = [
    "HOLE",
    "SEARCHED",
    "Account",
    "Contact",
    "ContentError",
    "Decision",
    "Document",
    "Fault",
    "Finding",
    "Hit",
    "Link",
    "Placeholder",
    "Problem",
    "Proof",
    "Provider",
    "Reviewer",
    "Sent",
    "Span",
    "Submission",
    "SubmissionError",
    "Term",
    "Text",
    "Variable",
    "Verdict",
    "bind",
]
