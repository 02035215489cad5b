"""Tries rules and policies in processes of their own, which are ended after a time."""

from __future__ import annotations

import asyncio
import tempfile
from pathlib import Path
from typing import Final

from smsvet.model import Lang

from ..wording import say
from .content_trial_process import ContentTrial, Kind, TrialResult
from .logs import LOGGER
from .processes import DiedError, ReviewProcess, busy, spawn
from .revision import Revision

SECONDS: Final = 30
"""After so many seconds the process of a trial is ended. Loading all content takes most of the time."""
MAX_WAIT: Final = 15.0
"""Seconds that a trial waits for the one before."""


class ContentTrials:
    """Runs one trial at a time, so that trials leave room for reviews."""

    def __init__(self, seconds: float = SECONDS) -> None:
        self.seconds = seconds
        self._turn = asyncio.Lock()

    async def run(
        self, revision: Revision, kind: Kind, text: str, body: bytes | None, lang: Lang
    ) -> TrialResult:
        """Return what a rule or policy finds beside the content of a revision.

        Raises ProblemError (503) while another trial takes too long.
        """
        try:
            async with asyncio.timeout(MAX_WAIT):
                await self._turn.acquire()
        except TimeoutError:
            raise busy(lang) from None
        try:
            with tempfile.TemporaryDirectory(prefix="smsvet-trial-") as folder:
                reading = await asyncio.to_thread(revision.content.unpacked, revision.settings)
                return await self._exchange(ContentTrial(reading, Path(folder), kind, text, body, lang))
        finally:
            self._turn.release()

    async def _exchange(self, trial: ContentTrial) -> TrialResult:
        lang = trial.lang
        process = ReviewProcess(await spawn("content_trial_process"), reserved=False)
        try:
            async with asyncio.timeout(self.seconds):
                result: TrialResult = await process.exchange(trial)
        except TimeoutError:
            seconds = f"{self.seconds:g}"
            chinese, english = (
                f"超过 {seconds} 秒，已中止",
                f"It took longer than {seconds} s and was stopped",
            )
            return TrialResult(errors=(say(lang, chinese, english),))
        except DiedError:
            LOGGER.error("content trial died", extra={"facts": {"pid": process.pid}})
            return TrialResult(errors=(say(lang, "进程异常结束", "The process ended before it answered"),))
        finally:
            process.kill()
            await process.process.wait()
        return result
