"""A cursor that is made leads where `next` would have led."""

import json

import pytest

from apps.agencies.roles import Role
from apps.apikeys.authentication import resolve
from benchmarks.depths import Case, Depth, cases, path_to
from tests import world
from tests.api import Api

pytestmark = pytest.mark.django_db


@pytest.fixture
def agent():
    """An agent's key, in a market of sixty homes."""
    person = world.person(Role.AGENT)
    for number in range(60):
        world.listing(person.membership.agency, price=500_000 + 1000 * (number % 7))
    return world.key(person)


def shown(key, path):
    return [row["id"] for row in json.loads(Api(key).get(path).content)["results"]]


@pytest.mark.parametrize("ordering", ["price", "-created_at"])
def test_a_deep_page_is_the_one_that_a_reader_arrives_at(agent, ordering):
    credential, query = resolve(agent, "127.0.0.1"), {"ordering": ordering}
    everything = shown(agent, f"listings?ordering={ordering}&limit=100")
    for depth, before in ((Depth.FIRST, 0), (Depth.MIDDLE, 31), (Depth.DEEPEST, 35)):
        path = path_to(Case("", depth, query), credential)
        assert shown(agent, path) == everything[before : before + 25]


def test_every_ordering_is_measured_at_every_depth():
    measured = {(case.query.get("ordering"), case.depth) for case in cases()}
    orderings = {"price", "-price", "bedrooms", "-bedrooms", "created_at", "-created_at"}
    assert measured >= {(ordering, depth) for ordering in orderings for depth in Depth}
