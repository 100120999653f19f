"""Codes of authenticator apps: the published vectors, and when a code is good."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.accounts.totp import PERIOD, code_at, counter_of

#: RFC 4226 appendix D and RFC 6238 appendix B (SHA-1, the last six of eight digits).
SECRET = base64.b32encode(b"12345678901234567890").decode()
HOTP = ["755224", "287082", "359152", "969429", "338314", "254676", "287922", "162583", "399871"]
TOTP = {
    59: "287082",
    1111111109: "081804",
    1111111111: "050471",
    1234567890: "005924",
    2000000000: "279037",
    20000000000: "353130",
}


def test_codes_are_those_of_rfc_4226():
    assert [code_at(SECRET, counter) for counter in range(9)] == HOTP


@pytest.mark.parametrize("at", TOTP)
def test_codes_are_those_of_rfc_6238(at: int):
    assert counter_of(SECRET, TOTP[at], at) == at // PERIOD


def test_an_app_may_show_a_code_in_two_groups():
    assert counter_of(SECRET, "287 082", 59) == 1


@given(at=st.integers(min_value=300, max_value=10**10), apart=st.integers(-5, 5))
def test_a_code_is_good_in_its_period_and_beside_it(at: int, apart: int):
    code = code_at(SECRET, at // PERIOD + apart)
    beside = [code_at(SECRET, at // PERIOD + step) for step in (-1, 0, 1)]
    assert (counter_of(SECRET, code, at) is not None) == (code in beside)


@given(st.text(max_size=20))
def test_nothing_that_is_typed_breaks_it(code: str):
    found = counter_of(SECRET, code, 59)
    assert found is None or code.replace(" ", "") in {"755224", "287082", "359152"}
