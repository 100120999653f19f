"""What a key was used for, as v2 shows it."""

from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

from pydantic import Field

from apps.access.scopes import Scope
from apps.apikeys.models import ApiKey, UsageCount
from apps.apikeys.usage import flush
from apps.apikeys.usage_report import scopes_unused, scopes_used, shown_route, used_since
from apps.core.data_classes import DataClass, Output, classified, stored
from apps.core.inputs import Query
from apps.core.values import Moment, moment, whole_number

from .api_key import ScopeText

_ROUTE = "GET /api/v2/listings/{listing_id}"
Day = Annotated[str, Field(json_schema_extra={"format": "date"}, max_length=10)]


class UsageQuery(Query):
    """`days`: how many days to show, today included."""

    days: whole_number(1, 31) = 7


class DayShown(Output):
    """The requests of one day (UTC) to one route."""

    shows = UsageCount

    day: Day = stored()
    route: str = stored(max_length=140, examples=[_ROUTE])
    requests: int = stored(ge=1, le=2**53)


class ApiKeyUsageShown(Output):
    """Last use, counts, and what the key could do without."""

    shows = ApiKey

    last_used_at: Moment | None = stored()
    last_used_address: str = stored(max_length=45, examples=["203.0.113.7"])
    last_used_route: str = stored(max_length=140, examples=[_ROUTE])
    scopes_used: list[ScopeText] = classified(
        DataClass.INTERNAL, max_length=len(Scope), examples=[["read:listings"]]
    )
    scopes_unused: list[ScopeText] = classified(
        DataClass.INTERNAL, max_length=len(Scope), examples=[["write:offers"]]
    )
    days: list[DayShown] = classified(DataClass.INTERNAL, max_length=10_000)


def usage_of(key: ApiKey, days: int) -> dict[str, Any]:
    """The last use of a key, and its counts of so many days."""
    flush()  # what this process has counted is not a minute old
    since = datetime.now(UTC).date() - timedelta(days=days - 1)
    used = scopes_used(key)
    return {
        "last_used_at": moment(key.last_used_at),
        "last_used_address": key.last_used_address,
        "last_used_route": shown_route(key.last_used_route),
        "scopes_used": used,
        "scopes_unused": scopes_unused(key, used),
        "days": [
            {"day": str(day), "route": route, "requests": requests}
            for day, route, requests in used_since(key, since)
        ],
    }
