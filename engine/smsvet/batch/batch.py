"""Review many submissions: template bodies are prefiltered together, and only candidates get a full review."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from functools import lru_cache
from itertools import islice
from operator import attrgetter

from ..catalogue import Catalogue
from ..model import Decision, Lang, Purpose, Region, Verdict
from ..rules.facts import SUBMITTED
from ..rules.in_force import RulesInForce
from ..submission import Submission
from .sieve import Setting, Sieve

FIRST, AHEAD = 16, 2048
"""Number of submissions that are read ahead, at first and at most."""

FEWEST = 32
"""Number of bodies that are prefiltered together at least. If half of them are clean, fewer are reviewed sooner."""

FEWEST_POINTS = 1500
"""Number of code points of these bodies at least. 32 short ones are reviewed sooner, even if all of them are clean."""

_READ = ("signature", "text", *(name for name in SUBMITTED if name != "purpose"))
_BESIDE, _NOTHING = attrgetter(*_READ), (None,) * len(_READ)

Review = Callable[[Submission, Lang], Verdict]
"""Reviews one submission."""


class Batch:
    """Reviews many submissions. Immutable apart from the caches of the prefilter; shared between threads."""

    def __init__(self, catalogue: Catalogue, rules_for: Callable[..., RulesInForce], review: Review) -> None:
        """Take the content, the function that returns the rules in force, and the review of one submission."""
        self.catalogue = catalogue
        self.review = review
        self.sieve = Sieve(catalogue, rules_for)
        self.setting = lru_cache(maxsize=1024)(self._setting)
        """Returns the setting of a body for a provider, date, region and purpose; None for an unknown provider."""

    def verdicts(self, submissions: Iterable[Submission], lang: Lang) -> Iterator[Verdict]:
        """Yield the verdict on each submission, in order; raises SubmissionError for an unknown provider."""
        nameless: dict[Setting, Verdict] = {}
        # A sequence is already in memory, so a small first batch has no advantage.
        waiting, size = iter(submissions), AHEAD if isinstance(submissions, Sequence) else FIRST
        while batch := list(islice(waiting, size)):
            settings = [self.setting_of(submission) for submission in batch]
            bodies = [submission.body for submission in batch]
            for submission, setting in zip(batch, self.cleared(bodies, settings), strict=True):
                if setting is None:
                    yield self.review(submission, lang)
                elif submission.id is not None:
                    yield self._clean(setting, submission.id)
                else:
                    # Verdicts without an id are equal for one setting, so they share one object.
                    if setting not in nameless:
                        nameless[setting] = self._clean(setting)
                    yield nameless[setting]
            size = min(size * 2, AHEAD)

    def cleared(
        self, bodies: Sequence[str | None], settings: Sequence[Setting | None]
    ) -> list[Setting | None]:
        """Return the settings of the bodies without any possible finding, and None for all others.

        A body without a setting is not prefiltered, nor are fewer than FEWEST bodies or FEWEST_POINTS code points.
        """
        sieved = [
            (place, body, setting)
            for place, (body, setting) in enumerate(zip(bodies, settings, strict=True))
            if body is not None and setting is not None
        ]
        found: list[Setting | None] = [None] * len(settings)
        if len(sieved) < FEWEST or sum(len(body) for _, body, _ in sieved) < FEWEST_POINTS:
            return found
        clean = self.sieve.clean([body for _, body, _ in sieved], [setting for *_, setting in sieved])
        for (place, _, setting), is_clean in zip(sieved, clean, strict=True):
            if is_clean:
                found[place] = setting
        return found

    def _setting(
        self, provider: str, as_of: date | None, region: Region | None, purpose: Purpose
    ) -> Setting | None:
        """Return the setting of a body. The default date is the release date."""
        known = self.catalogue.providers.get(provider)
        # The prefilter does not compute the operator's learned evidence.
        if known is None or self.catalogue.reader.raising:
            return None
        return Setting(provider, as_of or self.catalogue.released, known.region_of(region), purpose)

    def setting_of(self, submission: Submission) -> Setting | None:
        """Return the setting of a body with only a purpose besides; None if a rule may read another field."""
        if submission.body is None or submission.purpose is None or _BESIDE(submission) != _NOTHING:
            return None
        return self.setting(submission.provider, submission.as_of, submission.region, submission.purpose)

    def _clean(self, setting: Setting, name: str | None = None) -> Verdict:
        """Return the verdict on a template without findings; `name` is the submission's id."""
        return Verdict(
            name,
            "template",
            Decision.APPROVE,
            setting.provider,
            setting.as_of,
            revision=self.catalogue.revision,
        )
