from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smsvet.sms.segments import EXTENSION, GSM, segments_of


@pytest.mark.parametrize(
    ("length", "count"), [(0, 1), (1, 1), (70, 1), (71, 2), (134, 2), (135, 3), (150, 3), (201, 3), (202, 4)]
)
def test_mainland_counts(length: int, count: int) -> None:
    assert segments_of("云" * length).count == count
    assert segments_of("a" * length).count == count


@pytest.mark.parametrize(
    ("text", "encoding", "units", "parts"),
    [
        ("a" * 160, "gsm", 160, (160,)),
        ("a" * 161, "gsm", 161, (153, 8)),
        ("a" * 320, "gsm", 320, (153, 153, 14)),
        ("a" * 158 + "[", "gsm", 160, (160,)),
        ("a" * 159 + "[", "gsm", 161, (153, 8)),
        ("a" * 152 + "€" * 5, "gsm", 162, (152, 10)),
        ("ÄÖÜß£¥§¿ΔΦ\n", "gsm", 11, (11,)),
        ("a" * 70 + "中", "ucs2", 71, (67, 4)),
        ("a" * 69 + "中", "ucs2", 70, (70,)),
        ("中" * 150, "ucs2", 150, (67, 67, 16)),
        ("`" + "a" * 70, "ucs2", 71, (67, 4)),
        ("“" + "a" * 69, "ucs2", 70, (70,)),
        ("𠮷" * 35, "ucs2", 70, (70,)),
        ("𠮷" * 36, "ucs2", 72, (66, 6)),
    ],
)
def test_international_parts(text: str, encoding: str, units: int, parts: tuple[int, ...]) -> None:
    found = segments_of(text, international=True)
    assert (found.encoding, found.units, found.parts) == (encoding, units, parts)


def test_limits_can_be_given() -> None:
    assert segments_of("云" * 71, ucs2=(80, 75)).parts == (71,)
    assert segments_of("a" * 101, international=True, gsm=(100, 90)).parts == (90, 11)


def test_the_two_character_sets_are_disjoint() -> None:
    assert not GSM & EXTENSION
    assert len(GSM) == 127


@given(st.text(alphabet="aé[€中🎉", max_size=500), st.booleans())
def test_segments_cover_the_whole_message(text: str, international: bool) -> None:
    found = segments_of(text, international)
    assert sum(found.parts) == found.units
    single, long = (160, 153) if found.encoding == "gsm" else (70, 67)
    assert max(found.parts) <= (single if found.count == 1 else long)
    assert found.count >= -(-found.units // single)
