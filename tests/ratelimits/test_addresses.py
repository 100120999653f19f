"""Address buckets: what one subscriber can rotate through is one bucket."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.ratelimits.addresses import address_bucket
from apps.ratelimits.charges import Charge
from apps.ratelimits.policies import POLICIES


@pytest.mark.parametrize(
    ("address", "bucket"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("::ffff:c000:207", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::", "2001:db8:1:2::/64"),
        ("2001:0DB8:0001:0002:ffff:ffff:ffff:ffff", "2001:db8:1:2::/64"),
        ("2001:db8:1:3::1", "2001:db8:1:3::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("::1", "::/64"),
    ],
)
def test_an_address_goes_to_its_bucket(address, bucket):
    assert address_bucket(address) == bucket


@pytest.mark.parametrize(
    "address",
    [
        *("", "unknown", "192.0.2", "192.0.2.07", "192.0.2.7:80", "[::1]", "192.0.2.7, ::1"),
        *(" 192.0.2.7", "::1\n", "1::2::3", "%", "2001:db8::/64", "\x00", "\ud800", "1" * 5_000),
    ],
)
def test_what_is_not_an_address_shares_one_bucket(address):
    assert address_bucket(address) == "unknown"


@given(st.ip_addresses(v=6), st.integers(0, 2**64 - 1))
def test_all_addresses_of_one_subscriber_are_one_bucket(address, host):
    prefix = int(address) >> 64
    if prefix == 0:
        return  # ::/64 holds the mapped IPv4 addresses, each a subscriber of its own
    sibling = type(address)((prefix << 64) + host)
    assert address_bucket(str(sibling)) == address_bucket(str(address))
    assert address_bucket(address.exploded) == address_bucket(address.compressed)


@given(st.ip_addresses(v=4))
def test_ipv4_addresses_are_subscribers_each(address):
    assert address_bucket(str(address)) == str(address)


@given(st.text("0123456789abcdef:.%/ \n\x00é", max_size=50) | st.ip_addresses().map(str))
def test_no_text_raises_and_every_bucket_fits_a_charge(text):
    assert Charge(POLICIES["address"], address_bucket(text))
