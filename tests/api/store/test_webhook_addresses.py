"""Addresses to which webhooks may go: public ones, over HTTPS."""

from __future__ import annotations

import pytest

from smsvet_api.store.errors import RefusedError
from smsvet_api.store.webhooks.addresses import check_url, is_public

URL = "https://receiver.example/hook"


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("93.184.216.34", True),
        ("2606:2800:220:1:248:1893:25c8:1946", True),
        ("127.0.0.1", False),
        ("127.9.9.9", False),
        ("0.0.0.0", False),
        ("10.0.0.1", False),
        ("172.16.0.1", False),
        ("172.31.255.255", False),
        ("192.168.1.1", False),
        ("169.254.169.254", False),  # where clouds keep credentials
        ("100.64.0.1", False),
        ("100.100.100.200", False),
        ("198.18.0.1", False),
        ("192.0.2.1", False),
        ("224.0.0.1", False),
        ("239.1.1.1", False),
        ("255.255.255.255", False),
        ("::", False),
        ("::1", False),
        ("fe80::1", False),
        ("fe80::1%eth0", False),
        ("fc00::1", False),
        ("fd00:ec2::254", False),
        ("ff02::1", False),
        ("::ffff:127.0.0.1", False),
        ("::ffff:10.0.0.1", False),
        ("2002:7f00:1::", False),  # 6to4 of 127.0.0.1
        ("64:ff9b::7f00:1", False),  # NAT64 of 127.0.0.1
        ("64:ff9b::a9fe:a9fe", False),
        ("2001:db8::1", False),
        ("localhost", False),
        ("", False),
    ],
)
def test_only_public_addresses_are_used(address: str, public: bool) -> None:
    assert is_public(address) is public


@pytest.mark.parametrize(
    "url",
    [
        "http://receiver.example/hook",
        "ftp://receiver.example/hook",
        "file:///etc/passwd",
        "https://",
        "https:///hook",
        "receiver.example",
        "https://user:secret@receiver.example/",
        "https://receiver.example:0/",
        "https://receiver.example:99999/",
        "https://127.0.0.1/",
        "https://[::1]/",
        "https://[fe80::1%25eth0]/",
        "https://169.254.169.254/latest",
        "https://receiver.example/a b",
        "https://receiver.example/\n",
        "https://receiver.example\\@127.0.0.1/",
        "https://例子.example/",
        f"https://receiver.example/{'a' * 2000}",
        "",
    ],
)
def test_urls_that_are_refused(url: str) -> None:
    with pytest.raises(RefusedError) as refused:
        check_url(url, private=False)
    assert refused.value.field == "url"


@pytest.mark.parametrize("url", ["http://127.0.0.1:8123/hook", "http://[::1]/", "https://10.0.0.1/", URL])
def test_private_addresses_on_request(url: str) -> None:
    check_url(url, private=True)
