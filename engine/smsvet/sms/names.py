"""Analysis of signatures and company names: generic signatures, and abbreviations of registered names."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal

from ..files.content_files import read_rows
from .official_hosts import OfficialHosts

Neutral = Literal["noun", "greeting", "test", "function", "keyboard", "person", "stand-in"]
Fit = Literal["full", "part", "generic", "skipped", "reordered", "short", "different"]

_KEYBOARD = ("qwertyuiop", "asdfghjkl", "zxcvbnm", "abcdefghijklmnopqrstuvwxyz", "qazwsxedcrfvtgbyhnujmikolp")
_TITLES = "先生|女士|小姐|老师|经理|总|医生|大夫|律师|师傅|教练|主任|校长|院长|店长|老板|同学|阿姨|叔叔|哥|姐"
_BRANCH = re.compile(r"(?<=公司).{0,12}(?:分公司|办事处|营业部)$")
_OPENING, _CLOSING = re.compile("[(（]"), re.compile("[)）]")
_DIVISION = re.compile(r"省(?!钱|心|力)|市(?!政|场|民|集)|区(?!块|域)|[^社园小景校厂矿]{1,2}[区县](?!块|域)")
"""A suffix or district between the region and the trade name: 省, 市, 西湖区, but not words such as 社区 or 区块."""
_SAMPLE = re.compile(r"某某|(?<![a-z])x{2,}(?![a-z])")
"""Signs for a name still to come, as in 某某科技 and XX科技."""
_STRENGTH: tuple[Neutral, ...] = ("test", "stand-in", "greeting", "function", "noun")


@dataclass(frozen=True, slots=True)
class Company:
    """The parts of a registered name: 杭州 + 云雀 + 网络科技 + 有限公司."""

    name: str
    region: str
    trade: str
    industry: str
    form: str


@dataclass(frozen=True, slots=True)
class Protected:
    """A name that fraudsters often impersonate. `owner` is contained in the registered name of its owner.

    `hosts` are the hosts that the owner publishes for itself; every subdomain counts too.
    """

    name: str
    owner: str
    kind: str
    hosts: tuple[str, ...] = ()


class Names:
    """The word lists of `corpora/names`, and the analysis of signatures with them. Immutable."""

    def __init__(self, folder: Path) -> None:
        def words(name: str, columns: tuple[str, ...] = ("word",)) -> list[list[str]]:
            return [
                cells for _, cells in read_rows(folder / name, f"corpora/names/{name}", columns, len(columns))
            ]

        self.generic = {cells[0]: cells[1] for cells in words("generic.tsv", ("word", "kind"))}
        self.industries = tuple(sorted((word for (word,) in words("industry.tsv")), key=len, reverse=True))
        self.forms = tuple(sorted((word for (word,) in words("form.tsv")), key=len, reverse=True))
        self.regions = tuple(sorted((word for (word,) in words("region.tsv")), key=len, reverse=True))
        self.protected = {
            name: Protected(name, owner, kind, tuple(hosts.split()))
            for _, (name, owner, kind, hosts) in read_rows(
                folder / "protected.tsv", "corpora/names/protected.tsv", ("name", "owner", "kind", "hosts"), 3
            )
        }
        self.hosts = OfficialHosts(
            {item.owner: self._published(item.owner) for item in self.protected.values()},
            {item.owner for item in self.protected.values() if item.kind == "state"},
        )
        surnames = "|".join(word for (word,) in words("surname.tsv"))
        given = "".join(word for (word,) in words("given.tsv"))
        self._person = re.compile(
            f"(?:{surnames})(?:[{given}]{{1,2}}|{_TITLES})|(?:小|老|阿)(?:{surnames})|(?:{surnames})某{{0,2}}(?:{_TITLES})"
        )
        self._lengths: dict[str, set[int]] = {}
        for word in self.generic:
            self._lengths.setdefault(word[0], set()).add(len(word))
        self.company = lru_cache(maxsize=1024)(self._company)

    def _published(self, owner: str) -> list[str]:
        return [host for item in self.protected.values() if item.owner == owner for host in item.hosts]

    def neutral(self, signature: str) -> tuple[Neutral, str] | None:
        """Return why a normalised signature identifies nobody, and the words that it consists of.

        Returns None for a signature that identifies somebody. Sources: SEED (测试, aabb, 验证码, 通知), T-SIG,
        T-RJT-SIG, U-SIG, OWN.
        """
        text = re.sub(r"[\W_]+", "", signature)
        bare = text.strip("0123456789") or text
        if not bare or bare in self.protected or text in self.protected:
            return None
        if keyboard_run(bare):
            return "keyboard", bare
        if sample := _SAMPLE.search(bare):
            return "stand-in", sample[0]
        cover = self._cover(bare)
        if cover:
            kinds: set[str] = {self.generic[word] for word in cover}
            kind: Neutral = next(strength for strength in _STRENGTH if strength in kinds)
            return kind, " + ".join(cover)
        return ("person", bare) if self._person.fullmatch(bare) else None

    def _cover(self, text: str) -> tuple[str, ...] | None:
        """Return the shortest sequence of generic words that make up the whole text, None if there is none."""
        # For each end of a part that words make up: how few they are, and where the last one begins.
        best: dict[int, tuple[int, int]] = {0: (0, 0)}
        furthest = 0
        for start, char in enumerate(text):
            if start not in best:
                if start > furthest:
                    return None
                continue
            count = best[start][0] + 1
            for length in self._lengths.get(char, ()):
                end = start + length
                if text[start:end] in self.generic and (end not in best or count < best[end][0]):
                    best[end] = count, start
                    furthest = max(furthest, end)
        if len(text) not in best:
            return None
        words: list[str] = []
        end = len(text)
        while end:
            start = best[end][1]
            words.append(text[start:end])
            end = start
        return tuple(reversed(words))

    def _company(self, name: str) -> Company:
        """Return the parts of a registered name. A region in brackets, such as (杭州), belongs to no other part."""
        opening = _OPENING.search(name)
        closing = _CLOSING.search(name, opening.end() + 1) if opening else None
        bracketed = name[opening.start() : closing.end()] if opening and closing else ""
        inside = plain(bracketed[1:-1])
        rest = plain(name.replace(bracketed, "", 1) if inside in self.regions else name)
        branch = _BRANCH.search(rest)
        rest, tail = (rest[: branch.start()], branch[0]) if branch else (rest, "")
        form = next((form for form in self.forms if rest.endswith(form) and len(rest) > len(form)), "")
        rest = rest[: len(rest) - len(form)] if form else rest
        if form.endswith("公司") and rest.endswith("集团"):
            rest, form = rest[:-2], f"集团{form}"
        region = next((region for region in self.regions if rest.startswith(region) and rest != region), "")
        rest = rest[len(region) :]
        while region and (division := _DIVISION.match(rest)) and len(rest) - division.end() >= 2:
            region, rest = region + division[0], rest[division.end() :]
        industry = ""
        while word := next(
            (word for word in self.industries if rest.endswith(word) and len(rest) >= len(word) + 2), None
        ):
            industry, rest = word + industry, rest[: -len(word)]
        return Company(
            plain(name), region or (inside if inside in self.regions else ""), rest, industry, form + tail
        )

    def fit(self, signature: str, registered: str) -> Fit:
        """Return the relation of a signature to a registered name. Sources: U-SIG, A-STORY, OWN.

        `full`: the same name. `part`: a substring with the trade name. `generic`: a substring without it. `short`: a
        substring with the trade name, but too short to be distinctive. `skipped`: characters are left out.
        `reordered`: characters are in another order. `different`: any other signature.
        """
        company, text = self.company(registered), plain(signature)
        if text == company.name:
            return "full"
        if text in company.name:
            if company.trade[:2] not in text:
                return "generic"
            return "short" if len(text) < 4 else "part"
        if is_subsequence(text, company.name):
            return "skipped"
        if len(text) > 1 and not set(text) - set(company.name):
            return "reordered"
        return "different"

    def abbreviations(self, registered: str, most: int) -> list[str]:
        """Return the abbreviations of a registered name that every provider accepts, best first.

        Each is a substring that contains the trade name and has 4 to `most` code points.
        """
        company = self.company(registered)
        whole, start = company.name, company.name.find(company.trade)
        body = whole[: len(whole) - len(company.form)] if company.form else whole
        after = start + len(company.trade)
        wanted = [whole, body, whole[start:], body[start:], company.trade + company.industry, whole[:after]]
        return [
            text
            for text in dict.fromkeys(wanted)
            if 4 <= len(text) <= most and text in whole and company.trade in text
        ]


def plain(name: str) -> str:
    """Return a name in lower case, without white space, brackets, commas and dots."""
    return re.sub(r"[\s()（）·.,，]", "", name).lower()


def is_subsequence(part: str, whole: str) -> bool:
    """Return whether `part` is a subsequence of `whole`."""
    rest = iter(whole)
    return all(char in rest for char in part)


def keyboard_run(text: str) -> bool:
    """Return whether a text looks like random keystrokes: aabb, abc, qwer, xxx."""
    if not (text.isascii() and text.isalpha()) or len(text) < 2:
        return False
    if re.fullmatch(r"(?:([a-z])\1++)+", text):
        return True
    return len(text) >= 3 and any(text in row or text[::-1] in row for row in _KEYBOARD)
