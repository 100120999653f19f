"""What is for sale: plausible, varied, and acceptable to our own API."""

from collections import Counter

from pydantic import TypeAdapter

from apps.api_v2.shapes.listing import NewListing
from apps.core.money import money
from apps.core.places import City, State, StateCode
from apps.demo.homes import COUNT, homes
from apps.demo.people import AGENCIES, BUYERS
from apps.demo.places import CENTRAL, EAST, WEST

PLACES = (*WEST, *CENTRAL, *EAST)


def test_it_is_the_same_every_time():
    assert homes() == homes()
    assert len(homes()) == COUNT == 200


def test_every_place_is_a_city_and_a_state_that_search_takes():
    city, state = TypeAdapter(City), TypeAdapter(State)
    assert [city.validate_python(place.city) for place in PLACES] == [p.city for p in PLACES]
    assert {state.validate_python(place.state_code) for place in PLACES} == set(StateCode)
    assert len({(place.city, place.state_code) for place in PLACES}) == len(PLACES) >= 60


def test_the_spellings_that_break_a_naive_search_are_there():
    found = {f"{place.city} {place.state_code}" for place in PLACES}
    assert found >= {
        "Cañon City CO",
        "La Cañada Flintridge CA",
        "Coeur d'Alene ID",
        "O'Fallon MO",
        "St. Louis MO",
        "Winston-Salem NC",
        "Peñasco NM",
        "Līhuʻe HI",
    }


def test_every_home_could_have_been_sent_to_the_api():
    for home in homes():
        fields = dict(home.fields)
        fields["price"] = money(fields["price"])
        if fields["reserve_price"] is not None:
            fields["reserve_price"] = money(fields["reserve_price"])
        assert NewListing.read(fields).fields() == home.fields


def test_prices_are_plausible_and_reserves_below_them():
    for home in homes():
        price, reserve = home.fields["price"], home.fields["reserve_price"]
        assert 50_000 <= price <= 4_000_000
        assert reserve is None or price * 9 // 10 <= reserve <= price


def test_most_are_published_and_every_place_has_one():
    counts = Counter(home.status for home in homes())
    assert counts["published"] >= 150
    assert all(counts[status] >= 9 for status in ("draft", "sold", "withdrawn"))
    published = {
        (home.fields["city"], home.fields["state_code"])
        for home in homes()
        if home.status == "published"
    }
    assert published == {(place.city, place.state_code) for place in PLACES}
    assert {home.agency for home in homes()} == set(range(len(AGENCIES)))


def test_no_two_descriptions_are_the_same():
    descriptions = [home.fields["description"] for home in homes()]
    assert len(set(descriptions)) == len(descriptions)
    assert len({home.fields["title"] for home in homes()}) > 150


def test_names_have_accents_and_apostrophes():
    names = "".join(BUYERS.values())
    assert "'" in names
    assert sum(not character.isascii() for character in names) > 10
