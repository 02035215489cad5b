"""Templates that consist of variables and filler words."""

import re
from collections.abc import Iterator

from smsvet import HOLE, Document, Hit

FILLER = (
    r"尊敬的|亲爱的|客户|用户|会员|顾客|您好|你好|大家好|各位|先生|女士|谢谢|感谢|祝好|敬请知悉|请知悉|请查收"
    r"|拒收请回复r|回复?(?:td|t|n|r)退订|退订回复?(?:td|t|n|r)|hello|dear|hi|[\W_0-9]|的"
)
LEAST = 2
"""Minimum meaningful code points of a template; no vendor gives a number. Source: OWN."""
ENOUGH = re.compile(rf"\A(?:(?:{FILLER})*+(?s:.)){{{LEAST}}}")
PASSES = (ENOUGH,)


def check(document: Document) -> Iterator[Hit]:
    """Yield a body that contains only greetings, fillers and punctuation besides its variables."""
    body = document.body
    if body is None:
        return
    fixed = body.folded.replace(HOLE, " ")
    if not ENOUGH.match(fixed):
        yield Hit(body.place(0, len(body.original)), {"fixed": " ".join(fixed.split())})
