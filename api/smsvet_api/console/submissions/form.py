"""The form for a new submission."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final, get_args

from smsvet.model import Kind, Lang, Purpose

from ...http.problems import encode
from ...wording import say
from ..trying.form import TryForm

_NAMES: Final = ("kind", "content", "provider", "purpose", "signature", "account_name")


@dataclass(frozen=True, slots=True)
class NewForm:
    """The fields as they are filled in. `token` was made with the form, so that sending it twice submits once."""

    fields: TryForm
    token: str

    @classmethod
    def of(cls, values: Mapping[str, str]) -> NewForm:
        """Return the form with the values that it has fields for."""
        form = TryForm.of({name: values[name] for name in _NAMES if name in values})
        if form.purpose not in get_args(Purpose):
            form = replace(form, purpose="")
        token = values.get("token", "")
        if not (token.isascii() and token.isalnum() and 8 <= len(token) <= 64):
            token = secrets.token_hex(12)
        return cls(form, token)

    def errors(self, lang: Lang) -> list[str]:
        """Return a sentence for each field that cannot be submitted."""
        if not self.fields.content.strip():
            return [say(lang, "请填写内容", "Fill in the text")]
        if not self.fields.purpose and self.fields.kind != "signature":
            return [say(lang, "请选择用途", "Choose the purpose")]
        return self.fields.errors(lang)

    def body(self) -> bytes:
        """Return the submission as the body of a request to the API."""
        document = self.fields.submission()
        del document["as_of"]  # judged by the day on which it is received
        return encode(document | {"id": f"page-{self.token}"})


KINDS: Final = get_args(Kind)
PURPOSES: Final = get_args(Purpose)
