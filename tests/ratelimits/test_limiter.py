"""The limiter: one store per process, chosen by the settings."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from apps.ratelimits.decisions import Decision
from apps.ratelimits.limiter import Charge, charge, reset_stores, strictest
from apps.ratelimits.policies import POLICIES, Policy

FREE, ADDRESS = POLICIES["free"], POLICIES["address"]
SLOW = Policy("slow", quota=60, window=86_400, burst=60)


def test_without_redis_url_the_process_counts_for_itself(settings):
    settings.REDIS_URL = None
    decisions = charge([Charge(FREE, "key"), Charge(ADDRESS, "192.0.2.1")]).decisions
    assert [(d.policy.name, d.remaining) for d in decisions] == [("free", 119), ("address", 2_999)]
    assert charge([Charge(SLOW, "key")]).decisions[0].remaining == 59
    assert charge([Charge(SLOW, "key")]).decisions[0].remaining == 58
    reset_stores()
    assert charge([Charge(SLOW, "key")]).decisions[0].remaining == 59


def test_with_redis_url_the_count_outlives_the_store(settings, redis_client, redis_url, key):
    settings.REDIS_URL = redis_url
    charge([Charge(SLOW, key)])
    reset_stores()
    assert charge([Charge(SLOW, key)]).decisions[0].remaining == 58
    assert redis_client.exists(f"gh:limit:slow:{key}")


def test_with_a_redis_url_that_nobody_answers_the_request_is_counted_all_the_same(settings):
    settings.REDIS_URL = "redis://127.0.0.1:1"
    allowed = [charge([Charge(SLOW, "key")]).decisions[0].allowed for _ in range(70)]
    assert sum(allowed) == 60


@pytest.mark.usefixtures("hasty_threads")
def test_threads_that_meet_at_the_first_request_share_one_store(settings):
    settings.REDIS_URL = None
    door = threading.Barrier(20)

    def ask(_):
        door.wait()
        return charge([Charge(SLOW, "key")]).decisions[0].remaining

    with ThreadPoolExecutor(20) as pool:
        for _ in range(20):
            reset_stores()
            assert sorted(pool.map(ask, range(20))) == list(range(40, 60))


def test_a_request_that_is_charged_to_nothing_is_a_mistake(settings):
    settings.REDIS_URL = None
    with pytest.raises(ValueError, match="at least one bucket"):
        charge([])


def test_a_request_that_names_one_bucket_twice_is_a_mistake(settings):
    settings.REDIS_URL = None
    with pytest.raises(ValueError, match="twice to one bucket"):
        charge([Charge(FREE, "key"), Charge(FREE, "key", cost=2)])


def test_the_strictest_is_the_refusal_with_the_longest_wait():
    decisions = [
        Decision(FREE, True, 0, 0, 12),
        Decision(FREE, False, 0, 2, 12),
        Decision(ADDRESS, False, 3, 9, 60),
    ]
    assert strictest(decisions) is decisions[2]
    assert strictest(decisions[:2]) is decisions[1]


def test_without_a_refusal_the_strictest_is_the_bucket_with_the_least_left():
    decisions = [Decision(FREE, True, 7, 0, 12), Decision(ADDRESS, True, 5, 0, 60)]
    assert strictest(decisions) is decisions[1]


def test_there_is_no_strictest_of_nothing():
    with pytest.raises(ValueError, match="no decision"):
        strictest([])
