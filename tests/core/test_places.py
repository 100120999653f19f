"""Cities in any script, states from the real set."""

import sys
import unicodedata

import pytest
from pydantic import TypeAdapter, ValidationError

from apps.core.places import City, State, StateCode, city_key
from apps.listings.models import Listing

CITY, STATE = TypeAdapter(City), TypeAdapter(State)

CITIES = [
    "Cañon City",
    "Coeur d'Alene",
    "Coeur d’Alene",
    "St. Louis",
    "Winston-Salem",
    "Hawaiʻi Kai",
    "東京",
    "Санкт-Петербург",
    "مكة",
    "मुंबई",  # with combining marks that have no composed form
    "x",
    "é" * 100,
    "e\u0301" * 100,
]
NO_CITIES = {
    "nothing": "",
    "blank": "   ",
    "101 characters": "a" * 101,
    "101 composed characters": "e\u0301" * 101,
    "very long": "a" * 100_000,
    "digits": "Area 51",
    "syntax": "Denver'; DROP TABLE listing; --",
    "angle brackets": "<b>Denver</b>",
    "slash": "Minneapolis/St. Paul",
    "percent": "%",
    "underscore": "a_b",
    "line break": "St.\nLouis",
    "NUL": "Denver\x00",
    "right-to-left override": "\u202eDenver",
    "emoji": "Denver🏠",
    "no letter": "'.-",
    "only marks": "\u0301\u0301",
}


@pytest.mark.parametrize("city", CITIES)
def test_real_cities_are_taken_composed(city: str) -> None:
    assert CITY.validate_python(city) == unicodedata.normalize("NFC", city)


@pytest.mark.parametrize("city", NO_CITIES.values(), ids=NO_CITIES)
def test_what_is_no_city_is_refused(city: str) -> None:
    with pytest.raises(ValidationError):
        CITY.validate_python(city)


@pytest.mark.parametrize("state", ["CO", "co", "Co", "dc", "WY"])
def test_states_are_taken_in_either_case(state: str) -> None:
    assert STATE.validate_python(state) == state.upper()


@pytest.mark.parametrize("state", ["", "XX", "PR", "C", "COL", "Colorado", "ſc", "ＣＯ", "co\x00"])
def test_what_is_no_state_is_refused(state: str) -> None:
    with pytest.raises(ValidationError):
        STATE.validate_python(state)


def test_there_are_fifty_states_and_one_district() -> None:
    assert len(StateCode) == 51


@pytest.mark.parametrize(
    "spelling", ["COEUR D'ALENE", "coeur d’alene", "Coeur d\u2019Alene", "Coeur d'Alene"]
)
def test_a_city_is_found_in_any_spelling(spelling: str) -> None:
    assert city_key(spelling) == city_key("Coeur d'Alene")


def test_an_accent_tells_cities_apart_however_it_is_written() -> None:
    assert city_key("Can\u0303on City") == city_key("CAÑON CITY") != city_key("Canon City")


def test_the_key_of_the_longest_city_fits_its_column() -> None:
    widest = max(
        len(city_key(character))
        for character in map(chr, range(sys.maxunicode + 1))
        if unicodedata.category(character)[0] in "LM"
        and unicodedata.is_normalized("NFC", character)
    )
    assert 100 * widest <= Listing._meta.get_field("city_key").max_length
