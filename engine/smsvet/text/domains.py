"""Domain names, distinguished from other dotted words by the public suffix list and the surrounding text.

A domain ends with a suffix from the ICANN part of the list bundled with `publicsuffixlist`. Standards section 18
lists the suffixes that must be recognised without a scheme.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from .text import HOLE, Text

if TYPE_CHECKING:
    from publicsuffixlist import PublicSuffixList

# `\s` and str.strip() treat HOLE as white space, so the patterns list the blanks explicitly.
HAN = "\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3"
LETTER = "a-z0-9\u00df-\u024f\u0370-\u052f"
CUE = (
    r"访问|登录|登陆|点击|点开|打开|进入|浏览|网址|网站|官网|链接|域名|戳|查看|查询|搜索|详见|下载|领取|关注"
)
CUE_BEFORE = re.compile(rf"(?:{CUE})[是为至到]?[ \n:\"'(<\[“「]*\Z")
FOLLOWED = re.compile(rf"[/?#\\]+[a-z0-9{HOLE}]")
ABOUT_NAMES = re.compile(r" ?(?:域名|后缀|结尾|格式|文件)")


def _words(line: str) -> frozenset[str]:
    return frozenset(line.split())


# A suffix of this set is enough to recognise a domain. Other suffixes also end file names or sentences.
_STRONG = _words(
    "com cn net org gov edu biz mobi asia xyz vip ltd wang ren icu cyou cc io tv hk tw jp kr uk ru fr eu"
    " ly gg ws vc fm"
)
_EXTENSION = _words("md py sh rs pl ps so zip mov td cd ai ml mk tf")
_FUNCTION = _words(
    "is it to in me at am as be by do my no us la de ma ne ba lu li ge ni gd im id sa st va ve re pm"
    " al an ad es et ee na"
)
DIGITS_ONLY = frozenset({"com", "cn", "net", "org", "cc", "com.cn", "net.cn"})
_HAN_NAMES = frozenset({"com", "cn", "org", "cc", "xyz", "top", "vip", "com.cn", "net.cn", "org.cn"})
FRAMEWORKS = frozenset({"asp", "vb", "ado", "microsoft", "dot", "c"})
HAN_SUFFIXES = ("中国", "公司", "网络", "集团")


class Suffixes:
    """The ICANN part of the public suffix list, loaded lazily from the copy bundled with the library."""

    def __init__(self) -> None:
        self._suffix = lru_cache(maxsize=4096)(lambda host: bundled().publicsuffix(host))
        self._registrable = lru_cache(maxsize=4096)(lambda host: bundled().privatesuffix(host))

    def suffix(self, host: str) -> str | None:
        """Return the public suffix of a lower-case host, None if it has no listed suffix."""
        found = self._suffix(host)
        return found if isinstance(found, str) else None

    def registrable(self, host: str) -> str | None:
        """Return the registrable domain of a lower-case host, None if it has none."""
        found = self._registrable(host)
        return found if isinstance(found, str) else None


@cache
def bundled() -> PublicSuffixList:
    """Return the copy of the list bundled with the library."""
    from publicsuffixlist import PublicSuffixList  # noqa: PLC0415 - most texts contain no web address

    return PublicSuffixList(only_icann=True, accept_unknown=False)


def is_ip(labels: str) -> bool:
    """Return whether dotted labels are an IPv4 address."""
    parts = labels.split(".")
    return len(parts) == 4 and all(p.isdigit() and p.isascii() and len(p) < 4 and int(p) < 256 for p in parts)


@lru_cache(maxsize=4096)
def host_prefix(labels: str, suffixes: Suffixes) -> str | None:
    """Return the longest prefix of dotted labels that is a host with a public suffix, None if there is none."""
    parts = labels.split(".")
    for count in range(len(parts), 1, -1):
        last = parts[count - 1]
        head = ".".join(parts[: count - 1])
        if not all(part.strip(f"-_{HOLE}") or HOLE in part for part in parts[: count - 1]):
            continue
        for tail in (last, *(name for name in HAN_SUFFIXES if last.startswith(name) and last != name)):
            name = tail.rstrip(f"{HOLE}-_")
            if name and HOLE not in name and suffixes.suffix(f"x.{head.replace(HOLE, 'x')}.{name}"):
                return f"{head}.{tail if HOLE in tail else name}"
    return None


def is_sure(text: Text, host: str, start: int, end: int, suffixes: Suffixes) -> bool:
    """Return whether a bare host at [start, end) of the normalised text is a web address, not words around a dot."""
    folded = text.folded
    solid = host.rstrip(HOLE)
    suffix = suffixes.suffix(solid.replace(HOLE, "x"))
    if suffix is None or len(suffix) >= len(solid):
        return False
    names = solid[: -len(suffix) - 1].split(".")
    name, top = names[-1], suffix.rpartition(".")[2]
    if ABOUT_NAMES.match(folded, end) or (name in FRAMEWORKS and top == "net") or solid == "co.ltd":
        return False
    if FOLLOWED.match(folded, end) or (
        len(folded.strip(" \n")) == end - start and (HOLE in host or top not in _EXTENSION)
    ):
        return True
    before, after = folded[max(0, start - 16) : start], folded[end : end + 2]
    cued = CUE_BEFORE.search(before) is not None
    chained = len(names) > 1 and len(name) > 1 and not name.isdigit()
    if not name.isascii() and re.search(f"[{HAN}]", name):
        alone = not re.match(rf"[{HAN}]", after) and not re.search(rf"[{HAN}]\Z", before)
        return cued or (alone and top == "中国") or (suffix in _HAN_NAMES and not re.match(r" [a-z]", after))
    if not top.isascii():
        return cued or (top == "中国" and not re.match(rf"[{HAN}]", after))
    if top in _EXTENSION:
        return chained and (cued or len(names) > 2 or any(c.isdigit() for c in name))
    if name.isdigit():
        return suffix in DIGITS_ONLY or (len(name) > 2 and top in _STRONG) or cued
    if top in _STRONG or suffix != top:
        return True
    marked = re.search(r"[a-z][0-9]|[0-9][a-z]|[a-z]-[a-z0-9]", name) is not None or cued
    if top in _FUNCTION:
        return marked
    beside = re.search(rf"[{HAN}]\Z", before) or re.match(rf"[{HAN}]", after)
    return marked or chained or HOLE in name or beside is not None
