"""`/api/v1/listings`."""

from typing import Any

from django.http import HttpResponse

from apps.access.credential import Credential
from apps.access.endpoint import Call, Endpoint
from apps.access.operation import Limit, operation
from apps.access.scopes import Scope
from apps.agencies.roles import AGENCY_STAFF, EVERYONE, MANAGERS
from apps.core.answers import created, no_content, ok
from apps.core.data_classes import DataClass
from apps.core.inputs import NoBody
from apps.listings import lifecycle
from apps.listings.endpoint import OneListing, tagged
from apps.listings.models import Listing, is_own
from apps.listings.search import search

from .shapes.listing import ListingChanges, ListingSearch, ListingShown, NewListing, shown
from .shapes.page import PageOf, page_of

_PATH = "/api/v1/listings"
_READ = {
    "scope": Scope.READ_LISTINGS,
    "roles": EVERYONE,
    "permits": None,
    "exposes": DataClass.INTERNAL,
    "anonymous": True,
}
_WRITE = {
    "scope": Scope.WRITE_LISTINGS,
    "roles": AGENCY_STAFF,
    "limit": Limit.DEFAULT,
    "exposes": DataClass.INTERNAL,
}


class ListingCollection(Endpoint):
    """All listings that the caller may see."""

    @operation(**_READ, limit=Limit.SEARCH, query=ListingSearch, returns=PageOf[ListingShown])
    def get(self, call: Call) -> HttpResponse:
        """Search listings

        Pages are numbered and end at 100; v2 has cursors that go on.
        """
        query: ListingSearch = call.query
        rows = search(call.credential, query.terms())
        rows = rows.order_by(query.ordering, "id")
        found = page_of(rows, call.request, query, lambda listing: shown(listing, call.credential))
        return ok(found)

    @operation(**_WRITE, permits=None, body=NewListing, returns=ListingShown, status=201)
    def post(self, call: Call) -> HttpResponse:
        """Create a listing

        It belongs to the caller's agency, whatever the body says, and starts as a draft.
        """
        listing = lifecycle.create(call.credential, call.body.fields())
        response = created(shown(listing, call.credential), f"{_PATH}/{listing.id}")
        return tagged(response, call.credential, listing)


class ListingItem(OneListing):
    """One listing."""

    @operation(**_READ, limit=Limit.DEFAULT, returns=ListingShown)
    def get(self, call: Call) -> HttpResponse:
        """Show a listing"""
        return ok(shown(call.target, call.credential))

    @operation(**_WRITE, permits=is_own, body=ListingChanges, returns=ListingShown)
    def patch(self, call: Call) -> HttpResponse:
        """Change a listing

        If-Match is honoured where it is sent; v2 demands it.
        """
        return _changed(
            call.credential, lifecycle.edit(call.credential, call.target, call.body.fields())
        )

    @operation(**_WRITE, permits=is_own, status=204)
    def delete(self, call: Call) -> HttpResponse:
        """Delete a listing"""
        lifecycle.delete(call.credential, call.target)
        return no_content()


def _changed(credential: Credential, listing: Listing) -> HttpResponse:
    return tagged(ok(shown(listing, credential)), credential, listing)


def _action(act: Any) -> Any:
    declared = {**_WRITE, "roles": MANAGERS}
    return operation(**declared, permits=is_own, body=NoBody, returns=ListingShown)(act)


class ListingPublication(OneListing):
    """Show a listing to everyone."""

    @_action
    def post(self, call: Call) -> HttpResponse:
        """Publish a listing"""
        return _changed(call.credential, lifecycle.publish(call.credential, call.target))


class ListingWithdrawal(OneListing):
    """Take a published listing back."""

    @_action
    def post(self, call: Call) -> HttpResponse:
        """Withdraw a listing"""
        return _changed(call.credential, lifecycle.withdraw(call.credential, call.target))
