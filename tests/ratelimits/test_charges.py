"""Charges: several buckets, all or none."""

import pytest

from apps.ratelimits.charges import Charge, settle
from apps.ratelimits.policies import POLICIES

NOW = 1_700_000_000_000_000
FREE, ADDRESS, SEARCH = POLICIES["free"], POLICIES["address"], POLICIES["search"]


def test_all_buckets_are_charged_when_none_refuses():
    after, decisions = settle([Charge(FREE, "1"), Charge(ADDRESS, "2", cost=3)], [None, None], NOW)
    assert after == [NOW + FREE.interval, NOW + 3 * ADDRESS.interval]
    assert [(d.policy, d.allowed, d.remaining) for d in decisions] == [
        (FREE, True, 119),
        (ADDRESS, True, 2_997),
    ]


@pytest.mark.parametrize("refusing_first", [True, False])
def test_one_refusal_leaves_every_bucket_as_it_was(refusing_first):
    charges = [Charge(SEARCH, "1"), Charge(ADDRESS, "2")]
    tats = [NOW + SEARCH.capacity, NOW + 5 * ADDRESS.interval]
    if not refusing_first:
        charges.reverse()
        tats.reverse()
    after, decisions = settle(charges, tats, NOW)
    by_name = {decision.policy.name: decision for decision in decisions}
    assert after == [None, None]
    assert by_name["search"] == (SEARCH, False, 0, 2, 60)
    assert by_name["address"] == (ADDRESS, True, 2_995, 0, 1)


def test_buckets_of_different_policies_never_share_a_name():
    names = {Charge(policy, key).bucket for policy in (FREE, ADDRESS) for key in ("1", "1:free")}
    assert names == {"free:1", "free:1:free", "address:1", "address:1:free"}


@pytest.mark.parametrize("key", ["", "k" * 81])
def test_a_key_without_bounds_is_refused(key):
    with pytest.raises(ValueError, match="1 to 80 characters"):
        Charge(FREE, key)


@pytest.mark.parametrize("cost", [0, -1, 121])
def test_a_charge_that_is_free_or_could_never_pass_is_refused(cost):
    with pytest.raises(ValueError, match="can never pass"):
        Charge(FREE, "1", cost=cost)


def test_the_address_of_a_person_stays_out_of_the_repr_and_the_errors():
    assert "192.0.2.7" not in repr(Charge(ADDRESS, "192.0.2.7"))
    with pytest.raises(ValueError) as refusal:
        Charge(ADDRESS, "192.0.2.7" * 10)
    assert "192.0.2.7" not in str(refusal.value)


@pytest.mark.parametrize("name", ["offers", "login-account"])
def test_a_window_is_not_charged_like_a_bucket(name):
    with pytest.raises(ValueError, match="is no bucket"):
        Charge(POLICIES[name], "1")
