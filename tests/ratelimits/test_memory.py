"""The in-process store: exact among threads, bounded against many addresses."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.ratelimits.charges import Charge, settle
from apps.ratelimits.memory import MemoryStore
from apps.ratelimits.penalties import Rules
from apps.ratelimits.policies import POLICIES, Policy

SECOND = 1_000_000
FREE, ADDRESS = POLICIES["free"], POLICIES["address"]
RULES = Rules.of_seconds((60, 300, 1_800, 86_400), 86_400)
SLOW = Policy("slow", quota=60, window=86_400, burst=60)


class Clock:
    def __init__(self):
        self.now = 5 * SECOND

    def __call__(self):
        return self.now


steps = st.lists(
    st.tuples(
        st.integers(-5 * SECOND, 20 * SECOND),
        st.dictionaries(st.sampled_from("abc"), st.integers(1, 30), min_size=1),
    ),
    max_size=40,
)


@given(steps)
def test_the_store_does_what_the_pure_function_says(steps):
    clock, model = Clock(), {}
    store = MemoryStore(RULES, clock=clock)
    for wait, costs in steps:
        clock.now += wait
        charges = [Charge(POLICIES["search"], key, cost) for key, cost in costs.items()]
        after, decisions = settle(charges, [model.get(key) for key in costs], clock.now)
        model |= {name: tat for name, tat in zip(costs, after, strict=True) if tat is not None}
        assert store.charge(charges).decisions == decisions


def test_a_request_refused_by_its_address_keeps_its_credential_whole():
    store = MemoryStore(RULES, clock=Clock())
    store.charge([Charge(ADDRESS, "192.0.2.1", cost=3_000)])
    refused = store.charge([Charge(FREE, "key"), Charge(ADDRESS, "192.0.2.1")])
    assert [decision.allowed for decision in refused.decisions] == [True, False]
    assert store.charge([Charge(FREE, "key")]).decisions[0].remaining == 119


@pytest.mark.usefixtures("hasty_threads")
def test_fifty_threads_together_pass_the_burst_and_not_one_more():
    store = MemoryStore(RULES, clock=Clock())

    def ask(_):
        return (
            store.charge([Charge(SLOW, "key"), Charge(ADDRESS, "192.0.2.1")]).decisions[0].allowed
        )

    with ThreadPoolExecutor(50) as pool:
        assert sum(pool.map(ask, range(2_000))) == 60


def test_an_attacker_with_many_addresses_does_not_grow_the_store():
    clock = Clock()
    store = MemoryStore(RULES, clock=clock, most=100)
    for number in range(1_000):
        clock.now += 1
        store.charge([Charge(ADDRESS, f"2001:db8:0:{number:x}::/64")])
        assert len(store) <= 100


def test_the_bound_drops_what_is_full_again_and_keeps_all_that_is_not():
    clock = Clock()
    store = MemoryStore(RULES, clock=clock, most=100)
    for number in range(60):
        store.charge([Charge(FREE, f"{number}", cost=2)])
    for number in range(40):
        store.charge([Charge(FREE, f"exhausted {number}", cost=120)])
    clock.now += SECOND
    store.charge([Charge(FREE, "one more")])
    assert len(store) == 41
    assert not store.charge([Charge(FREE, "exhausted 0", cost=120)]).decisions[0].allowed


def test_a_flood_of_new_addresses_does_not_wash_an_exhausted_bucket_away():
    store = MemoryStore(RULES, clock=Clock(), most=100)
    store.charge([Charge(ADDRESS, "attacker", cost=3_000)])
    for number in range(1_000):
        store.charge([Charge(ADDRESS, f"helper {number}")])
    assert not store.charge([Charge(ADDRESS, "attacker")]).decisions[0].allowed


def test_without_a_clock_of_its_own_the_store_still_refills():
    fast = Policy("fast", quota=1_000_000, window=1, burst=1)
    store = MemoryStore(RULES)
    assert all(store.charge([Charge(fast, "key")]).decisions[0].allowed for _ in range(100))
