"""A kept statement answers like the queryset it was made from, for every value and every run."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import QuerySet

from apps.core.compiled import compiled, insert
from apps.core.cursor import Cut
from apps.listings.models import Listing, Status
from tests import world

pytestmark = pytest.mark.django_db


def home(**fields: Any) -> Listing:
    return world.listing(fields.pop("agency", None) or world.agency(), reserve_price=None, **fields)


def by_price(*, least: Decimal | None) -> QuerySet:
    rows = Listing.objects.order_by("price")
    return rows if least is None else rows.filter(price__gte=least)


def prices(rows: list[Listing]) -> list[Decimal]:
    return [row.price for row in rows]


def test_every_run_is_answered_with_its_own_values() -> None:
    for price in (100, 200, 300):
        home(price=Decimal(price))
    kept = compiled(by_key=False)(by_price)

    assert prices(kept(least=Decimal(150))) == [200, 300]
    assert prices(kept(least=Decimal(250))) == [300]
    assert prices(kept(least=Decimal(50))) == [100, 200, 300]


def test_a_value_that_is_absent_asks_another_question() -> None:
    for price in (100, 200):
        home(price=Decimal(price))
    kept = compiled(by_key=False)(by_price)

    assert prices(kept(least=Decimal(150))) == [200]
    assert prices(kept(least=None)) == [100, 200]


def test_the_queryset_is_built_once_for_each_shape() -> None:
    built: list[Any] = []

    @compiled(by_key=False)
    def cheapest(count: int, *, least: Decimal | None) -> QuerySet:
        built.append(count)
        return by_price(least=least)[:count]

    for least in (Decimal(1), Decimal(2), None, None):
        cheapest(5, least=least)
    cheapest(6, least=None)

    assert built == [5, 5, 6]


def test_a_row_is_the_instance_that_the_orm_would_give() -> None:
    made = home(street_address="12 Elm Street")

    @compiled(by_key=True)
    def one(*, row: UUID) -> QuerySet:
        return Listing.objects.filter(pk=row)

    (found,) = one(row=made.pk)
    expected = Listing.objects.get(pk=made.pk)
    assert found == expected
    assert vars(found).keys() == vars(expected).keys()
    for field in Listing._meta.concrete_fields:
        assert getattr(found, field.attname) == getattr(expected, field.attname), field.name
    found.title = "Changed"
    found.save()
    assert Listing.objects.get().title == "Changed"


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("id", lambda listing: listing.pk),
        ("created_at", lambda listing: listing.created_at),
        ("price", lambda listing: listing.price),
        ("title", lambda listing: listing.title),
        ("bedrooms", lambda listing: listing.bedrooms),
    ],
)
def test_values_of_every_type_are_put_in_as_the_database_wants_them(column: str, value: Any):
    made = home(price=Decimal("189000.50"))
    home(title="Another", bedrooms=9, price=Decimal(1))

    @compiled(by_key=False)
    def having(*, wanted: Any) -> QuerySet:
        return Listing.objects.filter(**{column: wanted}).values_list("id", column)

    assert having(wanted=value(made)) == [(made.pk, value(made))]


def test_a_value_is_never_taken_for_sql() -> None:
    home(title="Quiet")

    @compiled(by_key=True)
    def titled(*, title: str) -> QuerySet:
        return Listing.objects.filter(title=title)

    assert titled(title="' OR '1'='1") == []
    assert titled(title="%s") == []


@pytest.mark.parametrize("descending", [False, True])
@pytest.mark.parametrize("field", ["price", "bedrooms", "created_at"])
def test_pages_cut_one_after_the_other_hold_every_row_once(field: str, descending: bool) -> None:
    agency, start = world.agency(), datetime.now(UTC)
    for number in range(12):
        row = home(agency=agency, price=Decimal(number // 4), bedrooms=number // 5)
        Listing.objects.filter(pk=row.pk).update(created_at=start + timedelta(hours=number // 3))
    cut, seen, last = Cut(field, descending, 5), [], None
    while True:
        beyond = {"value": getattr(last, field), "row": last.pk} if last else {}
        rows = list(cut.of(Listing.objects.all(), **beyond))
        if not rows:
            break
        seen += rows
        last = rows[-1]

    expected = sorted(Listing.objects.all(), key=lambda r: (getattr(r, field), r.pk))
    assert seen == (expected[::-1] if descending else expected)


def test_an_inserted_row_is_the_row_that_save_would_write() -> None:
    agency = world.agency()
    fields = {
        "title": "Row house",
        "city": "Cañon City",
        "state_code": "CO",
        "street_address": "7 River Road",
        "price": Decimal("189000.00"),
        "bedrooms": 2,
    }
    inserted, saved = Listing(agency=agency, **fields), Listing(agency=agency, **fields)
    insert(inserted)
    saved.save(force_insert=True)

    for field in Listing._meta.concrete_fields:
        if field.name not in ("id", "created_at", "updated_at"):
            pair = [
                getattr(Listing.objects.get(pk=row.pk), field.attname) for row in (inserted, saved)
            ]
            assert pair[0] == pair[1], field.name
    assert inserted.city_key == "cañon city"
    inserted.status = Status.PUBLISHED
    inserted.save()
    assert Listing.objects.get(pk=inserted.pk).status == Status.PUBLISHED


def test_an_insert_obeys_the_database() -> None:
    listing = home()

    with pytest.raises(IntegrityError), transaction.atomic():
        insert(listing)


@pytest.mark.skipif(connection.vendor != "postgresql", reason="PostgreSQL's plans")
def test_only_what_is_found_by_key_is_planned_once() -> None:
    @compiled(by_key=True)
    def one(*, row: UUID) -> QuerySet:
        return Listing.objects.filter(pk=row)

    kept = compiled(by_key=False)(by_price)
    row = home()
    for _ in range(8):
        one(row=row.pk)
        kept(least=Decimal(1))

    with connection.cursor() as cursor:
        cursor.execute("SELECT statement FROM pg_prepared_statements")
        planned = [statement for (statement,) in cursor.fetchall()]
    assert any('"listings_listing"."id" = ' in statement for statement in planned)
    assert not any("ORDER BY" in statement for statement in planned)
