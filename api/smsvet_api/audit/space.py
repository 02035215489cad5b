"""Estimates the disk space of a run before it starts."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Final

from smsvet.model import Lang

from ..wording import say

ROW_BYTES: Final = 88
"""Bytes of both tables per row, without the columns of the input: measured where two of three items are flagged."""
_UNITS: Final = ("B", "kB", "MB", "GB", "TB")


def shortage(out: Path, rows: int, carried: int, lang: Lang) -> str | None:
    """Return the warning that a run may not fit on the disk of a folder, None if it should.

    `rows` are those still to be reviewed, and `carried` is the size of the input in bytes, whose columns are written again.
    """
    needed, free = rows * ROW_BYTES + carried, shutil.disk_usage(out).free
    if needed <= free:
        return None
    wanted, there = readable(needed), readable(free)
    return say(
        lang,
        f"{out}：空间可能不足：约需 {wanted}，剩余 {there}",
        f"{out}: perhaps not enough space: about {wanted} needed, {there} free",
    )


def readable(size: float) -> str:
    """Return a number of bytes in the largest unit below it."""
    place = 0
    while size >= 1000 and place < len(_UNITS) - 1:
        size /= 1000
        place += 1
    return f"{size:.1f} {_UNITS[place]}" if place else f"{size:.0f} {_UNITS[0]}"
