"""The switch interval of the interpreter while rules are loaded."""

from __future__ import annotations

import sys
from contextlib import ExitStack

from smsvet_api.http.switches import SWITCH_INTERVAL, frequent_switches


def test_the_interval_is_as_before_when_the_last_has_left() -> None:
    """Two loads can overlap, and the one that began first can end first."""
    usual = sys.getswitchinterval()
    first, second = ExitStack(), ExitStack()
    for stack in (first, second):
        stack.enter_context(frequent_switches())
    assert sys.getswitchinterval() == SWITCH_INTERVAL
    first.close()
    assert sys.getswitchinterval() == SWITCH_INTERVAL
    second.close()
    assert sys.getswitchinterval() == usual
