"""Builds a Reviewer that answers its first request as fast as any later one."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from smsvet import Reviewer, Submission

from ..configuration.trust import trust_check
from .settings import Settings

_WARM_UP = (
    Submission(signature="杭州云雀网络科技"),
    Submission(body="您的验证码为{1}，请于{2}分钟内填写。", purpose="verification"),
    Submission(body="您的验证码为{1}，点击{2}查看", params=["123456", "http://example.com"]),
    # It contains a whole-word term, so that the segmenter's dictionary is loaded.
    Submission(body="本店诚聘店员，月结工资", purpose="marketing"),
)


def build(
    settings: Settings, warm: bool = True, check_trust: Callable[[Path], None] | None = None
) -> Reviewer:
    """Return a Reviewer; a warm one has reviewed each kind of submission once. Raises ContentError.

    `check_trust` takes the place of the check of the folders in the settings.
    """
    reviewer = Reviewer(
        rules=(*settings.rules, *settings.found.folders),
        policy=settings.policy,
        cache=settings.cache,
        check_trust=check_trust or trust_check(settings.rules, settings.found),
        model=settings.model,
    )
    if not warm:
        return reviewer
    reviewer.warm()
    for submission in _WARM_UP:
        reviewer.review(submission)
    for name, provider in reviewer.providers.items():
        # Grammars are compiled lazily: do it now, and not during the first request.
        reviewer.review(Submission(body=f"您的验证码为{provider.placeholder('1')}", provider=name))
    # The first batch loads the data that only batches use.
    list(reviewer.review_many([Submission(body="您的订单已发货，请留意查收", purpose="notification")]))
    return reviewer
