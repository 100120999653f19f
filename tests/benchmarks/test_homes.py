"""The market is the same for every stack and at every size."""

from itertools import islice

from benchmarks.homes import COMMON, RARE, RARE_COUNT, homes


def place(home):
    return home.city, home.state_code


def test_the_first_homes_are_the_same_whatever_the_size():
    assert list(homes(50)) == list(islice(homes(5000), 50))


def test_the_rare_place_has_as_many_visible_homes_in_every_market():
    for size in (10_000, 20_000):
        rare = [home for home in homes(size) if place(home) == RARE]
        assert [home.status for home in rare] == ["published"] * RARE_COUNT


def test_the_common_place_grows_with_the_market():
    share = sum(place(home) == COMMON for home in homes(10_000)) / 10_000
    assert 0.04 < share < 0.06


def test_no_reserve_is_above_its_price():
    assert all(0 < home.reserve_price <= home.price for home in homes(1000))
