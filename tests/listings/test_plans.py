"""PostgreSQL reads a page of a search off an index, and no more rows than the page needs."""

from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import connection

from apps.agencies.models import Agency
from apps.listings.models import Listing
from benchmarks.growth_rows import rows
from benchmarks.homes import COMMON, RARE
from benchmarks.plans import Plan, parse
from tests.api import Api

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(connection.vendor != "postgresql", reason="PostgreSQL's plans"),
]

_ROWS = 10_000
_TABLE = Listing._meta.db_table
#: Indexes that begin with state and city.
_OF_A_PLACE = ("listing_search", "listing_place_newest")


@pytest.fixture
def market(db: None) -> None:
    agencies = Agency.objects.bulk_create(Agency(name=f"Agency {n}") for n in range(20))
    columns = [field.column for field in Listing._meta.concrete_fields]
    with connection.cursor() as cursor:
        names = ", ".join(f'"{column}"' for column in columns)
        with cursor.copy(f'COPY "{_TABLE}" ({names}) FROM STDIN') as copy:
            for row in rows(_ROWS, [agency.pk for agency in agencies]):
                copy.write_row([row[column] for column in columns])
        cursor.execute(f'ANALYZE "{_TABLE}"')


def plan_of(**query: Any) -> Plan:
    """The plan of the statement that the endpoint itself sends."""
    sent: list[tuple[str, Any]] = []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if _TABLE in sql:
            sent.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        assert Api().get(f"listings?{urlencode(query)}").status_code == 200
    ((sql, params),) = sent
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {sql}", params)
        return parse(cursor.fetchone()[0], _TABLE)


@pytest.mark.parametrize("place", [COMMON, RARE], ids=["common", "rare"])
def test_a_search_by_city_state_and_price_reads_an_index(market: None, place: Any) -> None:
    terms = {"city": place[0], "state": place[1], "min_price": "1", "max_price": "900000"}

    for ordering in ("price", "-created_at"):
        plan = plan_of(**terms, ordering=ordering)
        assert not plan.sequential, plan
        assert plan.rows_read < _ROWS / 10, plan
        assert any(scan.endswith(_OF_A_PLACE) for scan in plan.scans), plan


@pytest.mark.parametrize("ordering", ["price", "-price", "bedrooms", "created_at", "-created_at"])
def test_every_order_of_a_page_is_read_off_an_index(market: None, ordering: str) -> None:
    plan = plan_of(ordering=ordering)

    assert not plan.sequential, plan
    assert plan.rows_read < 100, plan
