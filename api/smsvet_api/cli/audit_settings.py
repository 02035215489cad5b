"""The settings of an audit that `audit` and `compare` share."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from smsvet import Reviewer

from ..audit.run import Settings
from ..audit.sources import Interpretation
from ..configuration.precedence import Effective
from ..environment import cache_folder
from ..files.words import provider_names
from . import options
from .audit_workers import processors
from .reviewing import load_reviewer


def audit_settings(
    config: Effective,
    source: str,
    target: Path | None,
    columns: Sequence[str] | None,
    as_of: str | None,
    today: date,
    jobs: int | None,
) -> tuple[Settings, Reviewer]:
    """Return the settings of an audit, with defaults for the options of one command only, and the reviewer.

    Raises InputError for content that cannot be loaded and a wrong date.
    """
    reviewer = load_reviewer(config)
    how = Interpretation(
        config.lang, provider_names(reviewer.providers), config.provider, tuple(columns or ())
    )
    day = None if as_of is None else options.read_day(as_of, config.lang)
    settings = Settings(
        source, target or Path(), config, cache_folder(), how, day, today, jobs=jobs or processors()
    )
    return settings, reviewer
