"""The state shared by all requests: settings, metrics, and the Reviewer, which loads in the background."""

from __future__ import annotations

import asyncio
import gc
from dataclasses import dataclass, field

from smsvet import ContentError, Reviewer, Submission
from smsvet.model import Lang

from ..wording import say
from .logs import LOGGER
from .metrics import Metrics
from .problems import ProblemError
from .settings import Settings

_WARM_UP = (
    Submission(signature="杭州云雀网络科技"),
    Submission(body="您的验证码为{1}，请于{2}分钟内填写。", purpose="verification"),
    Submission(body="您的验证码为{1}，点击{2}查看", params=["123456", "http://example.com"]),
    # It contains a whole-word term, so that the segmenter's dictionary is loaded.
    Submission(body="本店诚聘店员，月结工资", purpose="marketing"),
)


@dataclass(slots=True)
class Service:
    """The state of one application."""

    settings: Settings
    metrics: Metrics = field(default_factory=Metrics)
    reviewer: Reviewer | None = None
    failure: str | None = None
    """Why the rules could not be loaded: one line for each error, with file, line and key."""

    async def load(self) -> None:
        """Build the Reviewer in a thread, so that the event loop stays free; on failure, set `failure`."""
        if self.reviewer is not None:
            return
        try:
            reviewer = await asyncio.to_thread(build, self.settings)
        except ContentError as error:
            self.failure = str(error)
            LOGGER.error("rules not loaded", extra={"facts": {"errors": self.failure.split("\n")}})
            return
        except Exception as error:  # noqa: BLE001 - the service stays up, so that /readyz can report the failure
            self.failure = type(error).__name__
            LOGGER.error("rules not loaded", exc_info=error)
            return
        # The loaded content lives as long as the process: the garbage collector need not scan it again.
        gc.collect()
        gc.freeze()
        self.reviewer = reviewer
        self.metrics.ready(reviewer.revision)
        LOGGER.info("ready", extra={"facts": {"revision": reviewer.revision, "rules": len(reviewer.rules)}})

    def ready(self, lang: Lang) -> Reviewer:
        """Return the Reviewer. Raises ProblemError with the reason if it is not loaded."""
        if self.reviewer is not None:
            return self.reviewer
        if self.failure is not None:
            raise ProblemError("not-ready", self.failure, lang=lang)
        detail = say(lang, "正在加载规则", "The rules are being loaded")
        raise ProblemError("not-ready", detail, lang=lang, headers={"retry-after": "1"})


def build(settings: Settings) -> Reviewer:
    """Return a warm Reviewer: it has reviewed each kind of submission once. Raises ContentError."""
    reviewer = Reviewer(rules=settings.rules, policy=settings.policy, cache=settings.cache)
    reviewer.warm()
    for submission in _WARM_UP:
        reviewer.review(submission)
    for name, provider in reviewer.providers.items():
        # Grammars are compiled lazily: do it now, and not during the first request.
        reviewer.review(Submission(body=f"您的验证码为{provider.placeholder('1')}", provider=name))
    # The first batch loads the data that only batches use.
    list(reviewer.review_many([Submission(body="您的订单已发货，请留意查收", purpose="notification")]))
    return reviewer
