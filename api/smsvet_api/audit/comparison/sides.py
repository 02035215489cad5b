"""The sides of a comparison as people name them, and the audits that produce their verdicts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Final

from smsvet import Reviewer
from smsvet.model import Lang

from ...configuration.precedence import Effective, effective
from ...configuration.trust import FoundFolders
from ...files.rows import InputError
from ...wording import say
from ..additions import NOTHING
from ..plan import LATEST, MANIFEST
from ..run import Outcome, Settings
from ..sources import Note
from .comparison import Sources
from .human import HumanColumn
from .stored_run import StoredRun

KINDS: Final = ("run", "rules", "policy", "date", "column")
NONE: Final = "none"
"""Value of `rules:` and `policy:` for no additional rules, or no policy."""
AGAINST: Final = "against"
"""Folder, below the output, of the runs of the old side."""

Audited = Callable[[Settings, Reviewer], Outcome]
"""Runs an audit to its end."""
Load = Callable[[Effective], Reviewer]
"""Returns the reviewer of a configuration. Raises InputError."""


@dataclass(frozen=True, slots=True)
class SideName:
    """A side: its kind, one of KINDS, and its value."""

    kind: str
    value: str

    @property
    def label(self) -> str:
        """Return the side as it is written."""
        return f"{self.kind}:{self.value}"


def parse_side(text: str, option: str, lang: Lang, guess: bool = False) -> SideName:
    """Return the side that an option or argument names. Raises InputError.

    With `guess`, a date, an audit's output, a folder of rules and a policy file are recognised without their kind.
    """
    kind, colon, value = text.partition(":")
    if colon and kind in KINDS and value:
        return _checked(SideName(kind, value), option, lang)
    if guess:
        path = Path(text)
        if (path / MANIFEST).is_file() or (path / LATEST).is_file():
            return SideName("run", text)
        if path.is_dir():
            return SideName("rules", text)
        if path.is_file() and path.suffix.lower() in (".yaml", ".yml"):
            return SideName("policy", text)
        if _is_day(text):
            return SideName("date", text)
    raise InputError(
        say(
            lang,
            f"{option} {text}：应为 run:ID、rules:文件夹、policy:文件、date:日期 或 column:列名",
            f"{option} {text}: should be run:ID, rules:DIR, policy:FILE, date:YYYY-MM-DD or column:NAME",
        )
    )


def _checked(side: SideName, option: str, lang: Lang) -> SideName:
    wrong = None
    if side.kind == "date" and not _is_day(side.value):
        wrong = say(lang, "应为 ISO 日期，如 2018-10-09", "not an ISO date such as 2018-10-09")
    if side.kind == "rules" and side.value != NONE and not Path(side.value).is_dir():
        wrong = say(lang, "没有这个文件夹", "no such folder")
    if side.kind == "policy" and side.value != NONE and not Path(side.value).is_file():
        wrong = say(lang, "没有这个文件", "no such file")
    if wrong is not None:
        raise InputError(f"{option} {side.label}: {wrong}")
    return side


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return len(text) == 10


@dataclass(frozen=True, slots=True)
class Runs:
    """Makes the runs of both sides. `providers` are ids by the names that tables may use."""

    settings: Settings
    reviewer: Reviewer
    providers: Mapping[str, str]
    audited: Audited
    load: Load
    note: Note
    account: str | None = None
    loaded: list[Reviewer] = field(default_factory=list)
    """The reviewers of sides with other rules or another policy."""

    @property
    def reviewers(self) -> tuple[Reviewer, ...]:
        """Return every reviewer that was loaded, that of the settings last."""
        return *self.loaded, self.reviewer

    @property
    def lang(self) -> Lang:
        """Return the language of messages."""
        return self.settings.how.lang

    def stored(self, folder: Path) -> StoredRun:
        """Return a finished run. Raises InputError."""
        return StoredRun(folder, self.providers, self.lang, self.account)

    def against(self, side: SideName, new: StoredRun, new_label: str) -> Sources:
        """Return the sources of a comparison with a run that the settings made. Raises InputError."""
        if side.kind == "column":
            new.check_column("column:", side.value)
            return Sources(new, new_label, HumanColumn(new, side.value), side.label)
        return Sources(new, new_label, self.run_of(side, new), side.label)

    def run_of(self, side: SideName, new: StoredRun) -> StoredRun:
        """Return the run of an old side, which is audited first unless it is stored."""
        if side.kind == "run":
            return self.stored(run_place(side.value, self.settings.out))
        day = date.fromisoformat(new.manifest["as_of"])
        self.note(say(self.lang, f"旧方：{side.label}", f"old side: {side.label}"))
        settings, reviewer = self.of(side, replace(self.settings, as_of=day))
        return self.earlier(settings, reviewer)

    def earlier(self, settings: Settings, reviewer: Reviewer) -> StoredRun:
        """Return the run of an old side, written below the output."""
        settings = replace(settings, out=self.settings.out / AGAINST, additions=NOTHING)
        outcome = self.audited(settings, reviewer)
        return self.stored(outcome.run.folder)

    def of(self, side: SideName, settings: Settings) -> tuple[Settings, Reviewer]:
        """Return the settings and the reviewer of a side that is audited."""
        if side.kind == "date":
            return replace(settings, as_of=date.fromisoformat(side.value)), self.reviewer
        config = configured(side, settings.config)
        self.loaded.append(self.load(config))
        return replace(settings, config=config), self.loaded[-1]

    def series(self, days: tuple[date, ...], new: StoredRun) -> Sources:
        """Return the sources of a comparison over a series of dates; `new` is the run of the last one."""
        olds: list[StoredRun] = []
        for number, day in enumerate(days[:-1], 1):
            self.note(
                say(self.lang, f"日期 {number}/{len(days)}：{day}", f"date {number} of {len(days)}: {day}")
            )
            olds.append(self.earlier(replace(self.settings, as_of=day), self.reviewer))
        return Sources(new, f"date:{days[-1]}", olds[0], f"date:{days[0]}", (*olds, new))


def run_place(value: str, out: Path) -> Path:
    """Return the folder of a run that is named by its id, of the output or of its old sides, or by a path."""
    for folder in (out / f"run={value}", out / AGAINST / f"run={value}"):
        if folder.is_dir():
            return folder
    return Path(value)


def configured(side: SideName, config: Effective) -> Effective:
    """Return the configuration of a side with other rules or another policy."""
    if side.kind == "policy":
        return replace(config, policy=None if side.value == NONE else Path(side.value))
    if side.value == NONE:
        return replace(config, named=(), found=FoundFolders(config.found.file, ()))
    return effective(config.configuration, [Path(side.value)], config.policy, config.provider, config.lang)
