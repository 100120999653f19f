"""Counts are exact, cheap and of the right key; they say which scopes nobody needs."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from threading import Thread

import pytest
from django.db import DatabaseError, connection
from django.test.utils import CaptureQueriesContext

from apps.access.scopes import Scope
from apps.accounts.models import User
from apps.apikeys import usage
from apps.apikeys.models import ApiKey, UsageCount
from apps.apikeys.usage_report import KEPT, fold, scopes_unused, scopes_used, used_since
from tests import world
from tests.api import Api

pytestmark = pytest.mark.django_db


def today() -> datetime:
    return datetime.now(UTC).date()


def counted(row: ApiKey) -> dict[str, int]:
    return {route: requests for _, route, requests in used_since(row, today())}


def test_every_request_is_counted_by_method_and_route() -> None:
    row, text = world.key_row(world.person())
    listing = world.listing(world.agency())
    for _ in range(3):
        Api(text).get("listings?city=Anywhere")
    Api(text).get(f"listings/{listing.pk}")
    Api(text).post("offers")
    Api(text).get("/api/v1/listings")
    usage.flush()

    assert counted(row) == {
        "GET /api/v2/listings": 3,
        "GET /api/v2/listings/{listing_id}": 1,
        "POST /api/v2/offers": 1,
        "GET /api/v1/listings": 1,
    }


def test_made_up_methods_make_no_rows_of_their_own() -> None:
    row, text = world.key_row(world.person())
    for number in range(3):
        assert Api(text).send(f"MADEUP{number}", "me").status_code == 405
    usage.flush()

    assert counted(row) == {"OTHER /api/v2/me": 3}


def test_a_refused_key_is_not_counted() -> None:
    row, text = world.key_row(world.person(), networks=["203.0.113.0/24"])
    Api(text).get("me")
    usage.flush()

    assert counted(row) == {}


def test_nothing_is_written_until_a_minute_is_over_and_then_once_for_all_keys(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    owner = world.person()
    keys = [world.key(owner) for _ in range(3)]
    for text in keys * 2:
        Api(text).get("listings")
    assert not UsageCount.objects.exists()

    monkeypatch.setattr(usage, "_flushed_at", usage._flushed_at - 61)
    with CaptureQueriesContext(connection) as asked:
        Api(keys[0]).get("listings")
    written = [query for query in asked if "usagecount" in str(query["sql"]).lower()]
    assert len(written) == 1
    assert sorted(UsageCount.objects.values_list("requests", flat=True)) == [2, 2, 3]


def test_no_count_is_lost_among_threads() -> None:
    row, text = world.key_row(world.person())
    now = datetime.now(UTC)

    def use() -> None:
        for _ in range(500):
            usage.note_use(row.pk, now, row.pepper_id, text, now)

    threads = [Thread(target=use) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    usage.flush()

    assert UsageCount.objects.get().requests == 2000


def test_counts_that_cannot_be_written_fail_no_request_and_come_with_the_next(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    row, text = world.key_row(world.person())
    Api(text).get("listings")

    def broken(*_: object, **__: object) -> None:
        raise DatabaseError("the disk is full")

    with monkeypatch.context() as patched:
        patched.setattr(UsageCount.objects, "bulk_create", broken)
        patched.setattr(usage, "_flushed_at", usage._flushed_at - 61)
        assert Api(text).get("listings").status_code == 200
    usage.flush()

    assert counted(row) == {"GET /api/v2/listings": 2}


def test_the_counts_of_a_key_that_is_gone_disturb_nobody() -> None:
    gone, stays = world.person(), world.person()
    row, kept = world.key_row(stays)
    for text in (world.key(gone), kept):
        Api(text).get("listings")
    User.objects.get(pk=gone.pk).delete()
    usage.flush()

    assert counted(row) == {"GET /api/v2/listings": 1}


def test_folding_keeps_every_sum_and_one_row_for_each() -> None:
    row, text = world.key_row(world.person())
    for _ in range(3):
        Api(text).get("listings")
        Api(text).get("offers")
        usage.flush()
    before = counted(row)

    assert fold() == 4
    assert counted(row) == before == {"GET /api/v2/listings": 3, "GET /api/v2/offers": 3}
    assert UsageCount.objects.count() == 2
    assert fold() == 0


def test_counts_are_kept_longer_than_any_key_lives_and_then_go() -> None:
    row, _ = world.key_row(world.person())
    for days in (KEPT.days, KEPT.days + 1):
        day = today() - timedelta(days=days)
        UsageCount.objects.create(key=row, day=day, route="GET x", requests=1)

    assert fold() == 1
    assert UsageCount.objects.get().day == today() - KEPT


@pytest.mark.parametrize(
    ("granted", "use", "used", "unused"),
    [
        ("write read:keys", lambda api: api.get("listings"), "read:listings", "read:keys"),
        (
            "read:offers read:listings",
            lambda api: api.get("offers"),
            "read:offers",
            "read:listings",
        ),
        ("read:profile", lambda api: api.post("offers"), "", "read:profile"),
        ("admin:keys", lambda api: api.get("me"), "", "admin:keys"),
        ("admin", lambda api: api.get("api-keys"), "admin:keys", ""),
    ],
)
def test_it_says_which_scopes_were_needed_and_which_never(
    granted: str, use: Callable[[Api], object], used: str, unused: str
) -> None:
    row, text = world.key_row(world.person(), *granted.split())
    use(Api(text))
    usage.flush()

    found = scopes_used(row)
    assert found == [Scope(scope) for scope in used.split()]
    assert scopes_unused(row, found) == unused.split()
