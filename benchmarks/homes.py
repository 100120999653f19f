"""What is for sale in a benchmark: the same homes for every stack, every time. Pure.

Skewed as a market is, so that searches meet what they meet in life: one home in twenty stands in
one city, prices fall on round numbers, and bedrooms take nine values. Not the text of any person.
"""

from collections.abc import Iterator
from decimal import Decimal
from random import Random
from typing import NamedTuple

_SEED = 20261122

COMMON = ("Springfield", "IL")
#: Thirty homes of every market, whatever its size: the search that must not read the others.
RARE = ("Silverton", "CO")
RARE_COUNT = 30
_RARE_STRIDE = 300

_CITIES = (
    "Cañon City", "Fairview", "Franklin", "Georgetown", "Greenville", "Madison", "Salem",
    "St. Louis", "Winston-Salem", "Coeur d'Alene", "Clinton", "Arlington", "Bristol", "Dover",
    "Hudson", "Kingston", "Milton", "Newport", "Oxford", "Riverside",
)  # fmt: skip
_STATES = ("AL", "AZ", "CA", "CO", "FL", "GA", "ID", "IL", "KY", "MO", "NC", "NY", "OH", "TX", "WA")
_KINDS = ("Bungalow", "Terraced house", "Cottage", "Loft", "Farmhouse", "Duplex", "Townhouse")
_WITH = ("a walled garden", "a wide porch", "north light", "a workshop", "views of the river")
_STREETS = ("O'Connell Street", "Market Street", "Elm Avenue", "Harbour Road", "Mill Lane")
_PROSE = (
    "Quiet street, ten minutes from the station. ",
    "The roof was renewed four years ago and the wiring last spring. ",
    "Oak floors, a south-facing kitchen and room for two cars. ",
    "The schools are within walking distance. ",
    "Sold with the fittings; the garden shed stays. ",
)
#: Seven in ten are published, as in a market that is alive.
_STATUSES = ("published",) * 7 + ("draft", "sold", "withdrawn")


class Home(NamedTuple):
    """One listing's fields, as the domain names them; amounts in dollars."""

    title: str
    description: str
    city: str
    state_code: str
    street_address: str
    price: Decimal
    reserve_price: Decimal
    bedrooms: int
    status: str


def homes(count: int) -> Iterator[Home]:
    """`count` homes, the first ones the same whatever the count."""
    random = Random(_SEED)  # noqa: S311 (a repeatable market, not a secret)
    for number in range(count):
        rare = number % _RARE_STRIDE == 0 and number < RARE_COUNT * _RARE_STRIDE
        yield _home(random, RARE if rare else _place(random), rare)


def _place(random: Random) -> tuple[str, str]:
    if random.random() < 0.05:
        return COMMON
    return random.choice(_CITIES), random.choice(_STATES)


def _home(random: Random, place: tuple[str, str], rare: bool) -> Home:
    price = Decimal(random.randint(100, 1900) * 500)
    return Home(
        title=f"{random.choice(_KINDS)} with {random.choice(_WITH)}",
        description="".join(random.sample(_PROSE, 4)).strip(),
        city=place[0],
        state_code=place[1],
        street_address=f"{random.randint(1, 999)} {random.choice(_STREETS)}",
        price=price,
        reserve_price=price - 2500,
        bedrooms=random.randint(0, 8),
        # All of the rare ones are visible, so that the search finds as many at every size.
        status="published" if rare else random.choice(_STATUSES),
    )
