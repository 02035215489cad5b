"""Official hosts of institutions, and hosts that look like them."""

from __future__ import annotations

import re

import pytest

from smsvet.files.location import CONTENT
from smsvet.sms.names import Names
from smsvet.sms.official_hosts import name_of

NAMES = Names(CONTENT / "corpora" / "names")


@pytest.mark.parametrize(
    ("host", "owner"),
    [
        ("icbc.com.cn", "工商银行"), ("www.icbc.com.cn", "工商银行"), ("a.b.icbc.com.cn", "工商银行"),
        ("jf.cmb.cn", "招商银行"), ("www.10086.cn", "移动通信"), ("etax.zhejiang.chinatax.gov.cn", "税务局"),
        ("www.hangzhou.gov.cn", "公安"), ("hangzhou.gov.cn", "公安"),
    ],
)  # fmt: skip
def test_an_official_host_has_an_owner(host: str, owner: str) -> None:
    assert owner in NAMES.hosts.owners(host)
    assert NAMES.hosts.look_alike(host) is None


@pytest.mark.parametrize(
    "host",
    ["", "cn", "com.cn", "gov.cn", "icbc.com", "xicbc.com.cn", "icbc.com.cn.xyz", "icbc.com.cn-a.top", "gov.cn.top", "a-gov.cn"],
)  # fmt: skip
def test_no_other_host_has_an_owner(host: str) -> None:
    assert NAMES.hosts.owners(host) == frozenset()


@pytest.mark.parametrize(
    ("host", "official", "how"),
    [
        ("icbc.com.cn.xyz", "icbc.com.cn", "inside"), ("www.icbc.com.cn-login.top", "icbc.com.cn", "inside"),
        ("icbc-com-cn.top", "icbc.com.cn", "inside"), ("icbc-login.top", "icbc.com.cn", "word"),
        ("lcbc.com.cn", "icbc.com.cn", "word"), ("1cbc.com.cn", "icbc.com.cn", "word"), ("a1ipay.com", "alipay.com", "word"),
        ("myicbc.cn", "icbc.com.cn", "part"), ("icbc.top", "icbc.com.cn", "word"), ("cmb-cn.top", "cmb.cn", "inside"),
        ("www.12306.top", "12306.cn", "word"),
    ],
)  # fmt: skip
def test_look_alikes(host: str, official: str, how: str) -> None:
    found = NAMES.hosts.look_alike(host)
    assert found is not None
    assert (found.official, found.how) == (official, how)


@pytest.mark.parametrize(
    "host", ["www.example.com", "yunque.cn", "pineapples.cn", "qqq.top", "bank.example.com"]
)
def test_other_hosts_look_like_none(host: str) -> None:
    found = NAMES.hosts.look_alike(host)
    assert found is None or found.how == "part"


def test_hosts_are_written_in_full_and_once_for_each_owner() -> None:
    for name, item in NAMES.protected.items():
        assert len(set(item.hosts)) == len(item.hosts), name
        for host in item.hosts:
            assert re.fullmatch(r"[a-z0-9-]+(\.[a-z0-9-]+)+", host), host
            assert name_of(host) not in ("www", "m"), host


def test_every_bank_and_carrier_has_an_official_host() -> None:
    published = {item.owner for item in NAMES.protected.values() if item.hosts}
    wanted = {
        item.owner
        for item in NAMES.protected.values()
        if item.kind in ("bank", "carrier", "parcel", "insurer")
    }
    assert wanted - published == set()
