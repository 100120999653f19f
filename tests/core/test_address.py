"""The caller's address: the peer's, unless the peer is our own proxy."""

from ipaddress import ip_network

import pytest

from apps.core.address import FORWARDED_HEADERS, client_address

PROXIES = (ip_network("10.0.0.0/8"), ip_network("fd00::/8"))


def seen(peer: str, forwarded: str | None = None) -> str:
    meta = {"REMOTE_ADDR": peer}
    if forwarded is not None:
        meta["HTTP_X_FORWARDED_FOR"] = forwarded
    return client_address(meta, PROXIES)


def test_a_stranger_speaks_for_nobody() -> None:
    assert seen("203.0.113.9", "198.51.100.1") == "203.0.113.9"


def test_forwarded_headers_of_a_stranger_are_gone_before_anything_reads_them() -> None:
    meta = {"REMOTE_ADDR": "203.0.113.9"} | dict.fromkeys(FORWARDED_HEADERS, "https")
    client_address(meta, PROXIES)

    assert meta == {"REMOTE_ADDR": "203.0.113.9"}


def test_our_proxy_says_who_calls() -> None:
    assert seen("10.1.2.3", "198.51.100.1") == "198.51.100.1"
    assert seen("fd00::1", "2001:db8::1") == "2001:db8::1"


def test_of_several_addresses_the_one_that_our_proxy_added_counts() -> None:
    assert seen("10.1.2.3", "127.0.0.1, 10.9.9.9, 198.51.100.1") == "198.51.100.1"


@pytest.mark.parametrize("forwarded", ["", " ", "unknown", "198.51.100.1:80", "a" * 9000, "::g"])
def test_a_proxy_that_says_nothing_usable_is_the_caller(forwarded: str) -> None:
    assert seen("10.1.2.3", forwarded) == "10.1.2.3"


@pytest.mark.parametrize(
    ("spelling", "canonical"),
    [
        ("::ffff:203.0.113.9", "203.0.113.9"),
        ("2001:DB8:0:0::1", "2001:db8::1"),
        ("fe80::1%eth0", "fe80::1"),
        ("fe80::1%" + "a" * 500, "fe80::1"),
    ],
)
def test_every_spelling_of_an_address_is_one_address(spelling: str, canonical: str) -> None:
    assert seen(spelling) == canonical
    assert seen("10.1.2.3", spelling) == canonical


def test_a_mapped_address_of_our_proxy_is_our_proxy() -> None:
    assert seen("::ffff:10.1.2.3", "198.51.100.1") == "198.51.100.1"


@pytest.mark.parametrize("peer", ["", "unix:", "not an address"])
def test_a_peer_without_an_address_is_trusted_with_nothing(peer: str) -> None:
    assert seen(peer, "198.51.100.1") == ""


def test_without_configured_proxies_nobody_is_trusted() -> None:
    meta = {"REMOTE_ADDR": "127.0.0.1", "HTTP_X_FORWARDED_FOR": "198.51.100.1"}

    assert client_address(meta, ()) == "127.0.0.1"
