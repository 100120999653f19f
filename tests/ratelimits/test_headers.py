"""The headers, to the letter."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.ratelimits.decisions import Decision
from apps.ratelimits.gcra import decide
from apps.ratelimits.headers import limit_headers
from apps.ratelimits.policies import POLICIES, Algorithm

FREE, ADDRESS, OFFERS = POLICIES["free"], POLICIES["address"], POLICIES["offers"]
BUCKETS = [p for p in POLICIES.values() if p.algorithm is Algorithm.TOKEN_BUCKET]


def test_an_allowed_request_is_told_its_policies_and_the_strictest_state():
    decisions = [Decision(FREE, True, 119, 0, 1), Decision(ADDRESS, True, 2_999, 0, 1)]
    assert limit_headers(decisions) == {
        "RateLimit-Policy": '"free";q=600;w=60, "address";q=3000;w=60',
        "RateLimit": '"free";r=119;t=12',
        "X-RateLimit-Limit": "600",
        "X-RateLimit-Remaining": "119",
        "X-RateLimit-Reset": "1",
    }


def test_a_refused_request_is_told_when_to_come_back():
    decisions = [Decision(FREE, True, 3, 0, 12), Decision(ADDRESS, False, 0, 4, 63)]
    assert limit_headers(decisions) == {
        "RateLimit-Policy": '"free";q=600;w=60, "address";q=3000;w=60',
        "RateLimit": '"address";r=0;t=4',
        "X-RateLimit-Limit": "3000",
        "X-RateLimit-Remaining": "0",
        "X-RateLimit-Reset": "63",
        "Retry-After": "4",
    }


@pytest.mark.parametrize(
    ("policy", "remaining", "window"),
    [
        *((FREE, 120, 12), (FREE, 11, 2), (FREE, 10, 1), (FREE, 0, 1)),
        *((OFFERS, 19, 82_080), (OFFERS, 1, 4_320), (OFFERS, 0, 4_320)),
    ],
)
def test_a_client_that_spreads_what_remains_over_the_window_goes_at_the_policys_rate(
    policy, remaining, window
):
    headers = limit_headers([Decision(policy, True, remaining, 0, 1)])
    assert headers["RateLimit"] == f'"{policy.name}";r={remaining};t={window}'


@given(st.sampled_from(BUCKETS), st.integers(0, 86_400_000_000), st.integers(1, 5))
def test_every_number_is_a_whole_one_and_no_wait_ends_before_its_window(policy, ahead, cost):
    decision = decide(10**15 + ahead, 10**15, policy, cost)[1]
    headers = limit_headers([decision])
    limit, remaining, reset = (
        int(headers[f"X-RateLimit-{part}"]) for part in ("Limit", "Remaining", "Reset")
    )
    assert limit >= remaining >= 0
    assert reset >= 1
    window = int(headers["RateLimit"].rpartition("=")[2])
    assert window >= 1
    assert ("Retry-After" in headers) is not decision.allowed
    if not decision.allowed:
        assert reset >= int(headers["Retry-After"]) >= window


def test_headers_for_no_decision_are_a_mistake():
    with pytest.raises(ValueError, match="no decision"):
        limit_headers([])
