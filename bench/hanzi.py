"""The frequency level of Chinese characters in GB/T 2312."""

from __future__ import annotations


def gb2312_level(char: str) -> int:
    """Return 1 for the 3,755 common characters of GB/T 2312, 2 for its other characters, 3 for anything else."""
    try:
        code = char.encode("gb2312")
    except UnicodeEncodeError:
        return 3
    return 1 if b"\xb0" <= code[:1] <= b"\xd7" else 2
