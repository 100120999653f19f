"""Search input: names as people write them, and nothing that is no name."""

from decimal import Decimal

import pytest

from tests import world
from tests.api import assert_problem

from .cast import Cast


@pytest.fixture
def market(cast: Cast) -> Cast:
    places = [
        ("Cañon City", "CO", 100),
        ("Coeur d'Alene", "ID", 200),
        ("Coeur d’Alene", "ID", 300),
        ("St. Louis", "MO", 400),
        ("Winston-Salem", "NC", 500),
        ("東京", "HI", 100_000_000),
    ]
    for rooms, (city, state, price) in enumerate(places):
        world.listing(
            cast.agency,
            city=city,
            state_code=state,
            price=Decimal(price),
            reserve_price=None,
            bedrooms=rooms,
        )
    return cast


def found(cast: Cast, **query: str) -> list[str]:
    response = cast.stranger.get("listings", query)
    assert response.status_code == 200, response.content
    return [row["city"] for row in response.json()["results"]]


@pytest.mark.parametrize(
    ("city", "cities"),
    [
        ("Cañon City", {"Cañon City"}),
        ("CAN\u0303ON city", {"Cañon City"}),
        (" Cañon City ", {"Cañon City"}),
        ("coeur d'alene", {"Coeur d'Alene", "Coeur d’Alene"}),
        ("Coeur d’Alene", {"Coeur d'Alene", "Coeur d’Alene"}),
        ("st. louis", {"St. Louis"}),
        ("winston-salem", {"Winston-Salem"}),
        ("東京", {"東京"}),
        ("Canon City", set()),
        ("Санкт-Петербург", set()),
        ("x", set()),
        ("a" * 100, set()),
        ("e\u0301" * 100, set()),
        ("ﬃ" * 100, set()),
    ],
)
def test_a_city_is_found_as_people_write_it(market: Cast, city: str, cities: set[str]) -> None:
    assert set(found(market, city=city)) == cities


@pytest.mark.parametrize(
    "city",
    [
        *("", " ", "a" * 101, "e\u0301" * 101, "Area 51", "a_b", "%", "*", "a/b", '"', "<b>"),
        *("'; DROP TABLE listing; --", "' OR '1'='1", "a\x00b", "a\nb", "\u202ea", "🏠", "'.-"),
    ],
    ids=lambda city: ascii(city[:20]),
)
def test_what_is_no_city_is_refused(market: Cast, city: str) -> None:
    response = market.stranger.get("listings", {"city": city})

    assert_problem(response, 400, "validation_failed", "?city")


@pytest.mark.parametrize("state", ["ID", "id", "Id", "iD"])
def test_a_state_is_found_in_either_case(market: Cast, state: str) -> None:
    assert len(found(market, state=state)) == 2


@pytest.mark.parametrize("state", ["", "XX", "I", "IDA", "Idaho", "PR", "ſc", "id\x00", "I D"])
def test_what_is_no_state_is_refused(market: Cast, state: str) -> None:
    assert_problem(market.stranger.get("listings", {"state": state}), 400, "validation_failed")


def test_prices_bound_both_ends_inclusively(market: Cast) -> None:
    assert len(found(market, min_price="200", max_price="400")) == 3
    assert len(found(market, min_price="200.01", max_price="399.99")) == 1
    assert len(found(market, min_price="0", max_price="100000000")) == 6
    assert len(found(market, min_price="100000000")) == 1
    assert len(found(market, max_price="0")) == 0
    assert len(found(market, min_price="300", max_price="300")) == 1


NO_PRICES = ["", "-1", "+1", "1e3", "1,000", "1.234", "100000000.01", "100000001", "NaN", "inf"]
NO_PRICES += [" 1", "0x10", "٣", "1" * 100, "$1", "1_0"]


@pytest.mark.parametrize("name", ["min_price", "max_price"])
@pytest.mark.parametrize("price", NO_PRICES)
def test_what_is_no_price_is_refused(cast: Cast, name: str, price: str) -> None:
    response = cast.stranger.get("listings", {name: price})

    assert_problem(response, 400, "validation_failed", f"?{name}")


def test_a_lowest_price_above_the_highest_is_refused(cast: Cast) -> None:
    response = cast.stranger.get("listings", {"min_price": "2", "max_price": "1.99"})

    document = assert_problem(response, 400, "validation_failed", "?max_price")
    assert document["errors"][0]["code"] == "out_of_range"


def test_bedrooms_are_a_number_up_to_fifty(market: Cast) -> None:
    assert found(market, bedrooms="3") == ["St. Louis"]
    assert found(market, bedrooms="0") == ["Cañon City"]
    assert found(market, bedrooms="50") == []
    for text in ("51", "-1", "1.5", "", "three", "9" * 10, "1 OR 1=1"):
        response = market.stranger.get("listings", {"bedrooms": text})
        assert_problem(response, 400, "validation_failed", "?bedrooms")


@pytest.mark.parametrize(
    "ordering", ["", "title", "id", "--price", "price,id", "agency__name", "?"]
)
def test_only_the_listed_orders_exist(cast: Cast, ordering: str) -> None:
    response = cast.stranger.get("listings", {"ordering": ordering})

    assert_problem(response, 400, "validation_failed", "?ordering")


@pytest.mark.parametrize("name", ["unknown", "status", "agency", "CITY", "city[]", "format", "q"])
def test_an_unknown_parameter_is_refused(cast: Cast, name: str) -> None:
    document = assert_problem(
        cast.stranger.get("listings", {name: "1"}), 400, "validation_failed", f"?{name}"
    )
    assert document["errors"][0]["code"] == "unknown_field"


@pytest.mark.parametrize("path", ["me", "api-keys", "offers", "listings"])
def test_every_route_refuses_unknown_parameters(cast: Cast, path: str) -> None:
    assert_problem(cast.buyer.get(path, {"x": "1"}), 400, "validation_failed", "?x")


def test_writes_and_actions_refuse_parameters_too(cast: Cast) -> None:
    listing = world.listing(cast.agency)
    for method, path in (("POST", "listings"), ("POST", f"listings/{listing.pk}/withdraw")):
        response = cast.manager.send(method, path, {}, {"dry_run": "1"})
        assert_problem(response, 400, "validation_failed", "?dry_run")
    assert type(listing).objects.get().status == "published"


def test_a_parameter_sent_twice_is_refused_even_if_equal(cast: Cast) -> None:
    for query in ("city=a&city=b", "city=a&city=a", "limit=1&limit=1"):
        name = query.partition("=")[0]
        response = cast.stranger.get(f"listings?{query}")
        document = assert_problem(response, 400, "validation_failed", f"?{name}")
        assert document["errors"][0]["code"] == "duplicate"


def test_every_fault_is_named_at_once(cast: Cast) -> None:
    query = {"city": "1", "state": "XX", "min_price": "x", "limit": "0", "unknown": ""}
    document = assert_problem(cast.stranger.get("listings", query), 400, "validation_failed")

    assert {error["pointer"] for error in document["errors"]} == {f"?{name}" for name in query}


@pytest.mark.parametrize("query", ["city=%ff%fe", "city=%", "city=%00", "%ff=1", "&&&", "=1", ";"])
def test_a_query_that_is_hardly_one_is_no_fault_of_ours(cast: Cast, query: str) -> None:
    assert cast.stranger.get(f"listings?{query}").status_code in (200, 400)


def test_a_query_of_very_many_parts_is_refused_before_it_is_read(cast: Cast) -> None:
    response = cast.stranger.get("listings?" + "&".join(f"a{n}=1" for n in range(300)))

    assert_problem(response, 400, "validation_failed", "?")
