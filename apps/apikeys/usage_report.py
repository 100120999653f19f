"""What the counts say: requests by day and route, and which scopes they needed."""

import re
from collections import Counter
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from functools import cache

from django.db import transaction
from django.db.models import Count

from apps.access.checks import api_routes
from apps.access.scopes import Scope, allows, parse

from .models import ApiKey, UsageCount

#: Longer than any key lives.
KEPT = timedelta(days=400)
#: A process that counts around midnight, or ends late, writes for a day that is over.
_STILL_WRITTEN = timedelta(days=2)
_PARAMETER = re.compile(r"<\w+:(\w+)>")


class _CountedElsewhere(Exception):
    """Another `tick` folds the same rows in this moment."""


def used_since(key: ApiKey, since: date) -> list[tuple[date, str, int]]:
    """Day, method and route, requests: the newest day first. The last minute may be missing."""
    counted: Counter[tuple[date, str]] = Counter()
    rows = UsageCount.objects.filter(key=key, day__gte=since)
    for day, route, requests in rows.values_list("day", "route", "requests"):
        counted[day, shown_route(route)] += requests
    newest_first = sorted(counted.items(), key=lambda item: (-item[0][0].toordinal(), item[0][1]))
    return [(day, route, requests) for (day, route), requests in newest_first]


def scopes_used(key: ApiKey) -> list[Scope]:
    """The scopes that requests of this key needed, of those that it has: what it could live on."""
    routes = UsageCount.objects.filter(key=key).values_list("route", flat=True).distinct()
    granted = parse(key.scopes)
    needed = {_needed().get(route) for route in routes} - {None}
    return sorted(scope for scope in needed if allows(granted, scope))


def scopes_unused(key: ApiKey, used: Iterable[Scope]) -> list[Scope]:
    """The granted scopes that no request needed."""
    used = tuple(used)
    return sorted(s for s in parse(key.scopes) if not any(allows([s], one) for one in used))


def shown_route(route: str) -> str:
    """`GET api/v2/offers/<uuid:offer_id>` as clients write it: `GET /api/v2/offers/{offer_id}`."""
    method, _, path = route.partition(" ")
    return f"{method} /" + _PARAMETER.sub(r"{\1}", path) if path else route


def fold() -> int:
    """One row for each key, day and route, and none past its time; returns how many went."""
    today = datetime.now(UTC).date()
    gone = UsageCount.objects.filter(day__lt=today - KEPT).delete()[0]
    recent = UsageCount.objects.filter(day__gte=today - _STILL_WRITTEN)
    several = recent.values("key_id", "day", "route").annotate(rows=Count("pk"))
    for group in several.filter(rows__gt=1):
        group.pop("rows")
        try:
            gone += _fold(group)
        except _CountedElsewhere:
            continue
    return gone


def _fold(group: dict) -> int:
    with transaction.atomic():
        rows = dict(UsageCount.objects.filter(**group).values_list("pk", "requests"))
        if UsageCount.objects.filter(pk__in=rows).delete()[0] != len(rows):
            raise _CountedElsewhere
        UsageCount.objects.create(**group, requests=sum(rows.values()))
    return len(rows) - 1


@cache
def _needed() -> dict[str, Scope | None]:
    """Method and route, as they are counted, to the scope that the route declares."""
    found = {}
    for route in api_routes():
        for method, operation in route.view.operations().items():
            found[f"{method} {route.path.removeprefix('/')}"] = operation.scope
            if method == "GET":
                found[f"HEAD {route.path.removeprefix('/')}"] = operation.scope
    return found
