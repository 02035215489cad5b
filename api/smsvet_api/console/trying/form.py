"""The form of the page, and the submission that it describes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any, Final, Literal, get_args

from smsvet.model import Kind, Lang

from ... import dates
from ...http.problems import encode
from ...http.trials import Fix
from ...wording import say

MOST_CHARACTERS: Final = 20_000
"""Code points of the text, and of every other field together."""
MOST_DRAFT: Final = 20_000
"""Code points of a rule or policy to be tried."""
_FIELD_OF: Final[Mapping[str, Literal["body", "signature", "text"]]] = {
    "template": "body",
    "signature": "signature",
    "message": "text",
}


@dataclass(frozen=True, slots=True)
class TryForm:
    """The fields as a visitor filled them in. `content` is the signature, template or message; the rest may be empty."""

    kind: str = "template"
    content: str = ""
    provider: str = "tencent"
    purpose: str = ""
    as_of: str = ""
    signature: str = ""
    params: str = ""
    variables: str = ""
    account_name: str = ""
    account_type: str = ""
    source: str = ""
    usage: str = ""
    explain: str = ""
    draft: str = ""
    """A rule or policy to be tried, in YAML."""
    draft_kind: str = "rule"

    @classmethod
    def of(cls, values: Mapping[str, str]) -> TryForm:
        """Return the form with the values that it has fields for. An unknown kind is a template."""
        form = cls(**{item.name: values[item.name] for item in fields(cls) if item.name in values})
        return form if form.kind in get_args(Kind) else replace(form, kind="template")

    @property
    def content_kind(self) -> Literal["rule", "policy"]:
        """Return what `draft` is; an unknown kind is a rule."""
        return "policy" if self.draft_kind == "policy" else "rule"

    @property
    def main_field(self) -> Literal["body", "signature", "text"]:
        """Return the field of the submission that `content` is."""
        return _FIELD_OF[self.kind]

    @property
    def day(self) -> date | None:
        """Return the date of the review, today in China if none is given; None for one that cannot be read."""
        try:
            return date.fromisoformat(self.as_of) if self.as_of else dates.today()
        except ValueError:
            return None

    @property
    def is_empty(self) -> bool:
        """Return whether there is nothing to review."""
        return not self.content

    @property
    def has_details(self) -> bool:
        """Return whether a field of the advanced part is filled in."""
        return any((self.params, self.variables, self.account_name, self.account_type, self.source)) or bool(
            (self.usage and self.usage != "own") or (self.signature and self.kind != "template")
        )

    def submission(self) -> dict[str, Any]:
        """Return the submission as the JSON object of the API, without fields that are empty."""
        found: dict[str, Any] = {
            "signature": self.signature.strip().removeprefix("【").removesuffix("】"),
            self.main_field: self.content,
            "params": _params(self.params),
            "provider": self.provider,
            "purpose": self.purpose,
            "as_of": self.as_of or dates.today().isoformat(),
            "variables": _named(self.variables),
            "account": {
                name: value
                for name, value in (("name", self.account_name.strip()), ("type", self.account_type))
                if value
            },
            "source": self.source,
            "usage": self.usage,
        }
        return {name: value for name, value in found.items() if value not in ("", None, {}, [])}

    def body(self) -> bytes:
        """Return the submission as the body of a request to the API."""
        return encode(self.submission())

    def errors(self, lang: Lang) -> list[str]:
        """Return a sentence for each field that is too long to be reviewed here."""
        if len(self.content) > MOST_CHARACTERS:
            most = f"{MOST_CHARACTERS:,}"
            return [
                say(lang, f"内容不得超过 {most} 字", f"The text may have {most} characters at most"),
            ]
        if self.day is None:
            return [say(lang, "日期应写作 2026-11-28 的形式", "Write the date as in 2026-11-28")]
        facts = (getattr(self, item.name) for item in fields(self) if item.name != "draft")
        if sum(map(len, facts)) > 2 * MOST_CHARACTERS:
            return [say(lang, "高级选项过长", "The advanced fields are too long")]
        return []

    def with_fixes(self, fixes: Iterable[Fix]) -> TryForm:
        """Return the form with the texts of fixes filled in."""
        form = self
        for fix in fixes:
            if fix.field == form.main_field:
                form = replace(form, content=fix.text)
            elif fix.field == "signature":
                form = replace(form, signature=fix.text)
        return form

    def restated(self, submission: Mapping[str, Any]) -> TryForm:
        """Return the form with the template of a submission, its values and the types of its variables."""
        named = {
            name: "\n".join(f"{key}={value}" for key, value in submission[name].items())
            for name in ("params", "variables")
            if isinstance(submission.get(name), dict)
        }
        return replace(self, content=submission["body"], **named)


def _lines(text: str) -> list[str]:
    return [line for line in text.split("\n") if line.strip()]


def _named(text: str) -> dict[str, str]:
    """Return lines such as `1=otp` as an object; a line without a sign is numbered."""
    found: dict[str, str] = {}
    for number, line in enumerate(_lines(text), start=1):
        name, sign, value = line.partition("=")
        found[name.strip() if sign else str(number)] = value.strip() if sign else name.strip()
    return found


def _params(text: str) -> dict[str, str] | list[str]:
    """Return lines such as `1=1234` as an object, and lines without a name as a list of values."""
    lines = _lines(text)
    if lines and all("=" in line for line in lines):
        return _named(text)
    return lines
