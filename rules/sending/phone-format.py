"""Recipients that are not valid telephone numbers."""

import re
from collections.abc import Iterator

from smsvet import Document, Hit, read_number, recipients

AMBIGUOUS = re.compile(r"[1-9][0-9]{6,14}")
"""A number without a plus sign or 00 before the country code."""
DECORATION = re.compile(r"[\s()（）.\-—]|[\u200b-\u200f\u202a-\u202e\u2060\ufeff]")


def check(document: Document) -> Iterator[Hit]:
    """Yield each invalid recipient, with the number that was probably meant."""
    international = document.region == "international"
    for number in recipients(document):
        if number.e164 and (not international or AMBIGUOUS.fullmatch(number.written) is None):
            continue
        if number.e164:
            words = {
                "hint": "：缺少加号，可能被读作国内号码",
                "hint_en": ": without a plus sign it may be read as a mainland number",
                "cure": f"改为 {number.e164}",
                "cure_en": f"Send to {number.e164}",
            }
            yield Hit(None, {"number": number.written, **words}, suggestion=number.e164, possible=True)
            continue
        narrow = document.folder.fold(number.written)[0]
        meant = read_number(DECORATION.sub("", narrow), international).e164
        several = len(re.findall(r"1[3-9][0-9]{9}", narrow)) > 1
        hint, hint_en = (
            ("，其中有空格等字符", "; it contains spaces or other characters") if meant else ("", "")
        )
        cure, cure_en = "改正号码", "Correct the number"
        if several:
            hint, hint_en = "，其中有多个号码", "; it contains several numbers"
            cure, cure_en = "每个号码单独作为一项", "List each number separately"
        elif meant:
            cure, cure_en = f"改为 {meant}", f"Send to {meant}"
        words = {"number": number.written, "hint": hint, "hint_en": hint_en, "cure": cure, "cure_en": cure_en}
        yield Hit(None, words, suggestion=None if several else meant)
