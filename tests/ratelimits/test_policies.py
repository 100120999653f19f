"""The policy table: sound, complete and what the contract says."""

from types import MappingProxyType

import pytest

from apps.ratelimits.policies import POLICIES, Algorithm, Policy, PolicyName


def test_the_table_holds_every_name_and_no_other():
    assert set(POLICIES) == set(PolicyName)
    assert all(POLICIES[name].name == name for name in PolicyName)


def test_the_numbers_are_those_of_the_contract():
    numbers = {name: (p.quota, p.window, p.burst) for name, p in POLICIES.items()}
    assert numbers == {
        "anonymous": (120, 60, 60),
        "search": (30, 60, 30),
        "free": (600, 60, 120),
        "partner": (3_000, 60, 600),
        "internal": (12_000, 60, 2_400),
        "address": (3_000, 60, 3_000),
        "leak-report": (10, 60, 10),
        "buyer-lookup": (30, 3_600, 10),
        "export": (5, 3_600, 5),
        "reveal": (120, 3_600, 60),
        "pages": (120, 60, 60),
        "probes": (600, 60, 120),
        "strikes": (100, 3_600, 100),
        "offers": (20, 86_400, 20),
        "listing-offers": (5, 86_400, 5),
        "login-account": (5, 900, 5),
        "login-address": (30, 900, 30),
        "registration-account": (5, 900, 5),
        "registration-address": (30, 900, 30),
        "reset-account": (5, 900, 5),
        "reset-address": (30, 900, 30),
        "token-client": (60, 60, 60),
        "token-address": (300, 60, 300),
        "introspection-client": (3000, 60, 3000),
        "introspection-address": (3000, 60, 3000),
        "confirmation-account": (5, 900, 5),
        "confirmation-address": (30, 900, 30),
        "passkey-address": (30, 900, 30),
        "wrong-guess-hour": (10, 3_600, 10),
        "wrong-guess-day": (20, 86_400, 20),
        "refused_input": (60, 600, 20),
    }


def test_neither_the_table_nor_a_policy_can_be_changed():
    assert isinstance(POLICIES, MappingProxyType)
    with pytest.raises(AttributeError):
        POLICIES["free"].quota = 1_000_000


@pytest.mark.parametrize("field", ["quota", "window", "burst"])
@pytest.mark.parametrize("value", [0, -1])
def test_a_number_that_is_not_positive_is_refused(field, value):
    numbers = {"quota": 10, "window": 10, "burst": 10} | {field: value}
    with pytest.raises(ValueError, match=f"{field} must be positive"):
        Policy("policy", **numbers)


@pytest.mark.parametrize("value", [1.5, True, "10", None])
def test_a_number_that_is_not_whole_is_refused(value):
    with pytest.raises(TypeError, match="quota must be a whole number"):
        Policy("policy", quota=value, window=10, burst=1)


def test_a_burst_above_the_quota_is_refused():
    assert Policy("policy", quota=10, window=60, burst=10).burst == 10
    with pytest.raises(ValueError, match="burst 11 exceeds quota 10"):
        Policy("policy", quota=10, window=60, burst=11)


@pytest.mark.parametrize("name", ["", "Free", "a b", 'a"b', "a\r\nb", "a:b", "a" * 33, "free\n"])
def test_a_name_that_could_break_a_header_or_a_key_is_refused(name):
    with pytest.raises(ValueError, match="not a short lower-case word"):
        Policy(name, quota=10, window=60, burst=10)


def test_an_interval_that_does_not_divide_is_rounded_so_that_the_quota_holds():
    policy = Policy("thirds", quota=7, window=1, burst=7)
    assert policy.interval == 142_858
    assert policy.interval * policy.quota >= 1_000_000


@pytest.mark.parametrize("algorithm", [Algorithm.FIXED_WINDOW, Algorithm.SLIDING_WINDOW])
def test_a_window_with_a_burst_of_its_own_is_refused(algorithm):
    with pytest.raises(ValueError, match="knows no burst"):
        Policy("policy", quota=10, window=60, burst=5, algorithm=algorithm)
