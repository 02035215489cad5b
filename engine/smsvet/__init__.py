"""Review SMS signatures, templates and messages before a carrier or a cloud vendor does.

Everything that callers and rule functions need is exported here, by theme; modules below may move.
"""

from .document import Document, json_text
from .extras import MissingExtraError
from .files.content_files import ContentError
from .model import (
    Contact,
    Decision,
    Fault,
    Finding,
    Hit,
    Link,
    Placeholder,
    Problem,
    Said,
    Span,
    Term,
    Verdict,
)
from .reviewer import Reviewer
from .rules.sending import (
    china_time,
    earlier_messages,
    is_code_message,
    number_key,
    read_number,
    recipients,
    rendered_message,
    sent_before,
    unsigned_content,
    without_signature,
)
from .rules.text_checks import describe_reading, hit_on_terms
from .sms.attributes import attribute_named, inferred_attribute, is_suited, own_attributes
from .sms.documents import LICENCES, document_names
from .sms.optout import OPTOUT_WORDINGS, find_optout
from .sms.provider import Provider
from .sms.segments import segments_of
from .submission import Account, Proof, Sent, Submission, SubmissionError, Variable
from .templates.comparison import Difference, match_template, template_differences
from .templates.values import (
    Filling,
    bind,
    code_value,
    content_place,
    fillings,
    placeholder_places,
    value_span,
    values_in,
)
from .text.contacts import find_contacts
from .text.text import HOLE, SEARCHED, Text
from .text.words import count_chinese_letters, count_words

__version__ = "0.1.0"

__all__ = [  # noqa: RUF022 - by theme
    # submissions and verdicts
    "Account",
    "ContentError",
    "Decision",
    "Fault",
    "Finding",
    "MissingExtraError",
    "Proof",
    "Provider",
    "Reviewer",
    "Sent",
    "Submission",
    "SubmissionError",
    "Variable",
    "Verdict",
    # what a rule function is given, and what it returns
    "Contact",
    "Document",
    "HOLE",
    "Hit",
    "Link",
    "Placeholder",
    "Problem",
    "SEARCHED",
    "Said",
    "Span",
    "Term",
    "Text",
    "describe_reading",
    "find_contacts",
    "hit_on_terms",
    # templates and the values that fill them
    "Difference",
    "Filling",
    "bind",
    "code_value",
    "content_place",
    "fillings",
    "json_text",
    "match_template",
    "placeholder_places",
    "template_differences",
    "value_span",
    "values_in",
    # facts of the trade
    "LICENCES",
    "OPTOUT_WORDINGS",
    "attribute_named",
    "document_names",
    "find_optout",
    "inferred_attribute",
    "is_suited",
    "own_attributes",
    "segments_of",
    "count_chinese_letters",
    "count_words",
    # sending
    "china_time",
    "earlier_messages",
    "is_code_message",
    "number_key",
    "read_number",
    "recipients",
    "rendered_message",
    "sent_before",
    "unsigned_content",
    "without_signature",
]
