"""The desk shared by the tests in this folder."""

from __future__ import annotations

import pytest

from smsvet_api.store.store import Store

from ..decided import set_rates
from .desk import Desk


@pytest.fixture
def desk(store: Store) -> Desk:
    set_rates(store)
    return Desk(store)
