"""The uncertainty of a share."""

from __future__ import annotations

import math
from typing import Final

Z: Final = 1.959963984540054
"""The quantile of the standard normal distribution for intervals at 95 %."""


def wilson(found: float, items: float) -> tuple[float, float]:
    """Return the Wilson interval, at 95 %, of the share of `found` among `items`; (0, 1) without any item.

    Source: E. B. Wilson, Probable Inference, the Law of Succession, and Statistical Inference, JASA 22 (1927).
    """
    if items <= 0:
        return 0.0, 1.0
    share = found / items
    square = Z * Z
    middle = share + square / (2 * items)
    width = Z * math.sqrt(share * (1 - share) / items + square / (4 * items * items))
    low, high = (middle - width) / (1 + square / items), (middle + width) / (1 + square / items)
    return max(min(low, share), 0.0), min(max(high, share), 1.0)
