"""What is for sale in the demo: 200 homes, the same every time. Pure: nothing is stored here.

A fixed seed makes the demo repeatable, so that a lesson can name a listing by its title.
"""

from collections.abc import Iterator
from decimal import Decimal
from random import Random
from typing import NamedTuple

from .places import CENTRAL, EAST, WEST, Place
from .prose import FEATURES, KINDS, MOODS, NEIGHBOURHOODS, STREETS, Kind

_SEED = 1837
#: How many homes each region has; its agency is the one at the same place in `people.AGENCIES`.
_PER_REGION = ((WEST, 70), (CENTRAL, 70), (EAST, 60))
COUNT = sum(count for _, count in _PER_REGION)
#: Of each region, how many end otherwise than published. The first home of every place is
#: published, so that searching for a place always finds one.
_ENDS = {"sold": 4, "draft": 7, "withdrawn": 5}


class Home(NamedTuple):
    """`fields` as Listing takes them; `status` where it ends; `age` in days since it was listed."""

    agency: int
    status: str
    age: int
    fields: dict[str, object]


def homes() -> list[Home]:
    """All of them, in the order in which they are made."""
    random = Random(_SEED)  # noqa: S311 (a repeatable demo, not a secret)
    return [
        home
        for agency, (places, count) in enumerate(_PER_REGION)
        for home in _region(random, agency, places, count)
    ]


def _region(random: Random, agency: int, places: tuple[Place, ...], count: int) -> Iterator[Home]:
    later = [status for status, times in _ENDS.items() for _ in range(times)]
    later += ["published"] * (count - len(places) - len(later))
    random.shuffle(later)
    for number in range(count):
        status = "published" if number < len(places) else later[number - len(places)]
        fields = _fields(random, places[number % len(places)])
        yield Home(agency, status, random.randint(60, 360), fields)


def _fields(random: Random, place: Place) -> dict[str, object]:
    kind = random.choice(KINDS)
    bedrooms = random.randint(kind.fewest, kind.most)
    (short, feature), (_, second) = random.sample(FEATURES, 2)
    mood, neighbourhood = random.choice(MOODS), random.choice(NEIGHBOURHOODS)
    price = _rounded(place.thousands * 1000 * kind.factor * random.uniform(0.82, 1.22))
    reserve = _rounded(float(price) * random.uniform(0.92, 0.98))
    return {
        "title": f"{mood} {kind.name} {short}",
        "description": " ".join([_opening(kind, bedrooms, place), feature, second, neighbourhood]),
        "city": place.city,
        "state_code": place.state_code,
        "street_address": f"{random.randint(3, 4890)} {random.choice(STREETS)}",
        "price": price,
        "reserve_price": reserve if random.random() < 0.45 else None,
        "bedrooms": bedrooms,
    }


def _opening(kind: Kind, bedrooms: int, place: Place) -> str:
    rooms = {0: "One open room", 1: "One bedroom"}.get(bedrooms, f"{bedrooms} bedrooms")
    return f"{rooms} in a {kind.name}, {kind.story} in {place.city}."


def _rounded(dollars: float) -> Decimal:
    """To the next lower 500 dollars, as prices are set."""
    return Decimal(int(dollars) // 500 * 500)
