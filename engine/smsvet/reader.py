"""Turn a submission into a document: normalise, parse and search its texts."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from types import MappingProxyType

from .budget import MAX_READ_STEPS, READ_STEPS
from .document import NO_VALUES, Document, GivenValues
from .evasion.across_values import across_values
from .evasion.contacts import find_hidden_contacts
from .evasion.links import find_hidden_links
from .evidence.evidence_model import EvidenceModel
from .lexicon.combinations import MAX_REPEATS
from .lexicon.facts import FactReader
from .lexicon.lexicon import Lexicon
from .lexicon.warnings import WarningReader
from .model import Link, Placeholder, Purpose, Score
from .rules.facts import BITS, submitted_facts, text_facts
from .rules.prefilter import Prefilter
from .sms.names import Names
from .sms.provider import Provider
from .submission import Submission
from .templates.parser import Parsed, TemplateParser
from .templates.values import bind, keys_of, values_left, values_of
from .text.automaton import Automaton, Scan
from .text.contacts import find_contacts
from .text.domains import Suffixes
from .text.fold import Folder
from .text.links import find_links
from .text.text import BODY, HOLE, SEARCHED, Text

_SIGNED = re.compile(r"\s*【([^【】]*)】")
_SIGNED_LAST = re.compile(r"【([^【】]*)】\s*$")
_OTP = re.compile(
    r"(?:验证码|校验码|注册码|动态码|激活码|动态密码|\b(?:otp|verification code|passcode|code)\b)"
    r"[^,。!]{0,12}?(?:\x1f|[0-9]{4})|(?:\x1f|[0-9]{4})[^,。!]{0,12}?(?:验证码|校验码|注册码|动态码|verification code)"
)


CROWDED = MAX_REPEATS // 2
"""Number of terms from which warnings and facts exempt none: later uses of an exempt term may not be listed."""
LONGEST_NOTICE = 1600
"""Code points of the longest text that may be a warning or a fact: ten messages in one, more than any provider accepts."""
LEARNED = BITS["learned"]
NOTHING: Mapping[str, Score] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Reader:
    """The compiled components that search a text. Immutable and shared between threads."""

    folder: Folder
    lexicon: Lexicon
    warnings: WarningReader
    facts: FactReader
    parser: TemplateParser
    suffixes: Suffixes
    names: Names
    prefilter: Prefilter
    matcher: Automaton
    """Finds lexicon words and the prefilter's literals in one pass."""

    off: frozenset[str] = frozenset()

    raising: Callable[[], EvidenceModel] | None = None
    """The operator's learned evidence, where it may send a text to a person."""

    def read(self, submission: Submission, provider: Provider, as_of: date) -> Document:
        """Return the document of a submission, read in this provider's syntax on that day."""
        texts: dict[str, Text] = {}
        if submission.signature is not None:
            texts["signature"] = self.text("signature", submission.signature)
        if submission.body is not None:
            parsed = self.parser.read(submission.body[:SEARCHED], provider.id)
            texts["body"] = self.text("body", submission.body, parsed)
        if submission.text is not None:
            texts["text"] = self._rendered(submission.text, provider)
            if submission.signature is None:
                rendered = submission.text[:SEARCHED]
                signed = _SIGNED.match(rendered) or _SIGNED_LAST.search(rendered)
                if signed:
                    texts["signature"] = self.text("text", signed[1], offset=signed.start(1))
        work = sum(map(steps, texts.values()))
        given = NO_VALUES
        if submission.params is not None:
            given, work = self._read_values(submission.params, provider, texts, work)
        if submission.remark is not None:
            searched = submission.remark[:SEARCHED]
            left = len(submission.remark) - len(searched)
            folded, origins = self.folder.fold(searched)
            pattern_bits = self.prefilter.pattern_bits(searched, self.matcher.scan(folded).seen)
            texts["remark"] = Text("remark", searched, folded, origins, left=left, pattern_bits=pattern_bits)
        return self.document(submission, provider, as_of, texts, given, work)

    def _read_values(
        self, params: object, provider: Provider, texts: dict[str, Text], work: int
    ) -> tuple[GivenValues, int]:
        """Return the values of `params` and the steps of work with theirs; add those that are strings to `texts`."""
        given = values_of(params)
        unread = False
        for key, value in given.items():
            if not isinstance(value, str):
                continue
            if work + min(len(value), SEARCHED) + READ_STEPS > MAX_READ_STEPS:
                unread = True
                break
            text = texts[f"params.{key}"] = self.text(f"params.{key}", value)
            work += steps(text)
        keys = keys_of(given, provider.placeholder)
        values = {name: given[key] for name, key in keys.items()}
        if values and "body" in texts:
            body = texts["body"]
            bound = [
                (keys.get(name or ""), placeholder) for name, placeholder in bind(body.placeholders, values)
            ]
            texts |= across_values(body, bound, texts, lambda whole: self.text("", whole))
        # A rule cannot change the mappings.
        left = values_left(params)
        return GivenValues(MappingProxyType(values), MappingProxyType(keys), left, unread), work

    def document(
        self,
        submission: Submission,
        provider: Provider,
        as_of: date,
        texts: dict[str, Text],
        given: GivenValues = NO_VALUES,
        work: int = 0,
    ) -> Document:
        """Return the document of texts that were already read. A rule cannot change its mappings."""
        facts, pattern_bits = submitted_facts(submission), 0
        for name, text in texts.items():
            facts |= text_facts(text, name)
            pattern_bits |= text.pattern_bits
        learned = MappingProxyType(self.learned(texts)) if self.raising else NOTHING
        return Document(
            submission,
            provider,
            as_of,
            submission.kind,
            submission.purpose or infer_purpose(texts),
            MappingProxyType(texts),
            self.names,
            self.folder,
            given,
            facts | LEARNED if learned else facts,
            pattern_bits,
            work,
            learned,
        )

    def learned(self, texts: Mapping[str, Text]) -> dict[str, Score]:
        """Return the scores of the texts that the operator's learned evidence sends to a person, by field."""
        model = self.raising() if self.raising else None
        if model is None or model.person is None:
            return {}
        scores = {name: model.score(texts[name].folded) for name in BODY if name in texts}
        return {name: score for name, score in scores.items() if score.points >= model.person}

    def text(self, field: str, submitted: str, parsed: Parsed | None = None, offset: int = 0) -> Text:
        """Return a text with its placeholders, terms, links and contacts."""
        original = submitted[:SEARCHED]
        left = len(submitted) - len(original)
        holes = parsed.placeholders if parsed else ()
        folded, origins = self.folder.fold(punched(original.replace(HOLE, " "), holes))
        scan = self.matcher.scan(folded)
        text = Text(
            field,
            original,
            folded,
            origins,
            offset,
            holes,
            parsed.problems if parsed else (),
            parsed.corrected if parsed and not left else None,
            left=left,
            pattern_bits=self.prefilter.pattern_bits(original, scan.seen, field in BODY),
            unusual=self.folder.unusual.search(original) is not None,
        )
        return self.search(text, scan)

    def search(self, text: Text, scan: Scan) -> Text:
        """Return a text with its terms, links and contacts."""
        terms = self.lexicon.find(text, scan, matcher=self.matcher)
        links = find_hidden_links(text, find_links(text, self.suffixes), self.suffixes)
        if terms or links:
            text = replace(text, terms=terms, links=tuple(seen_through(link) for link in links))
        contacts = find_contacts(text)
        contacts += find_hidden_contacts(text, contacts, self.off)
        if contacts:
            text = replace(text, contacts=contacts)
        ordinary = 0 < len(text.terms) < CROWDED and len(text.folded) <= LONGEST_NOTICE
        for read in (self.warnings.used, self.facts.used) if ordinary else ():
            used = read(text)
            if used is not text.terms:
                text = replace(text, terms=used)
        return text

    def _rendered(self, submitted: str, provider: Provider) -> Text:
        text = self.text("text", submitted)
        unfilled = self.parser.placeholders(text.original, provider.id, "text")
        return replace(text, placeholders=unfilled) if unfilled else text


def steps(text: Text) -> int:
    """Return the steps of work that reading a text takes."""
    return len(text.original) + READ_STEPS


def seen_through(link: Link) -> Link:
    """Return a link; its kind is `disguised` if its host is written in other characters, such as full-width."""
    plain = (
        link.kind in ("url", "domain")
        and link.host.isascii()
        and not link.text[: len(link.host) + 8].isascii()
    )
    if not plain:
        return link
    return Link(link.span, link.text, "disguised", link.host, link.domain, link.path, link.scheme, link.holds)


def punched(original: str, holes: tuple[Placeholder, ...]) -> str:
    """Return the text with each code point of its placeholders replaced by `HOLE`."""
    if not holes:
        return original
    out, at = [], 0
    for hole in holes:
        out += [original[at : hole.span.start], HOLE * (hole.span.end - hole.span.start)]
        at = hole.span.end
    return "".join([*out, original[at:]])


def infer_purpose(texts: Mapping[str, Text]) -> Purpose:
    """Return the purpose of texts: verification for a code with its keyword, else notification."""
    spoken = [texts[name] for name in ("body", "text") if name in texts]
    return "verification" if any(_OTP.search(text.folded) for text in spoken) else "notification"
