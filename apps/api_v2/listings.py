"""`/api/v2/listings`."""

from typing import Any

from django.http import HttpResponse

from apps.access.credential import Credential
from apps.access.endpoint import Call, Endpoint
from apps.access.operation import Limit, operation
from apps.access.scopes import Scope
from apps.agencies.roles import AGENCY_STAFF, EVERYONE, MANAGERS
from apps.core.answers import created, no_content, ok
from apps.core.cursor import page
from apps.core.data_classes import DataClass
from apps.core.inputs import NoBody
from apps.listings import lifecycle
from apps.listings.endpoint import OneListing, tagged
from apps.listings.models import Listing, is_own
from apps.listings.search import pages

from .shapes.listing import (
    ListingChanges,
    ListingSearch,
    ListingShown,
    NewListing,
    shown,
)
from .shapes.page import PageOf, page_of

_PATH = "/api/v2/listings"


class ListingCollection(Endpoint):
    """All listings that the caller may see."""

    @operation(
        scope=Scope.READ_LISTINGS,
        roles=EVERYONE,
        permits=None,
        limit=Limit.SEARCH,
        exposes=DataClass.INTERNAL,
        anonymous=True,
        query=ListingSearch,
        returns=PageOf[ListingShown],
    )
    def get(self, call: Call) -> HttpResponse:
        """Search listings

        Published ones for everyone, and every one of the own agency. The street address and the
        reserve price are present on the own agency's listings only.
        """
        query: ListingSearch = call.query
        found = page(
            pages(call.credential, query.terms()),
            Listing,
            call.request,
            ordering=query.ordering,
            limit=query.limit,
            cursor=query.cursor,
        )
        return ok(page_of(found, lambda listing: shown(listing, call.credential)))

    @operation(
        scope=Scope.WRITE_LISTINGS,
        roles=AGENCY_STAFF,
        permits=None,
        limit=Limit.DEFAULT,
        exposes=DataClass.INTERNAL,
        body=NewListing,
        returns=ListingShown,
        status=201,
    )
    def post(self, call: Call) -> HttpResponse:
        """Create a listing

        It belongs to the caller's agency, whatever the body says, and starts as a draft.
        """
        listing = lifecycle.create(call.credential, call.body.fields())
        response = created(shown(listing, call.credential), f"{_PATH}/{listing.id}")
        return tagged(response, call.credential, listing)


class ListingItem(OneListing):
    """One listing."""

    @operation(
        scope=Scope.READ_LISTINGS,
        roles=EVERYONE,
        permits=None,
        limit=Limit.DEFAULT,
        exposes=DataClass.INTERNAL,
        anonymous=True,
        returns=ListingShown,
    )
    def get(self, call: Call) -> HttpResponse:
        """Show a listing

        One that is not visible answers exactly like one that does not exist.
        """
        return ok(shown(call.target, call.credential))

    @operation(
        scope=Scope.WRITE_LISTINGS,
        roles=AGENCY_STAFF,
        permits=is_own,
        limit=Limit.DEFAULT,
        exposes=DataClass.INTERNAL,
        body=ListingChanges,
        returns=ListingShown,
        if_match=True,
    )
    def patch(self, call: Call) -> HttpResponse:
        """Change a listing

        If-Match is demanded, so that nobody overwrites what they have not seen.
        """
        listing = lifecycle.edit(call.credential, call.target, call.body.fields())
        return _changed(call.credential, listing)

    @operation(
        scope=Scope.WRITE_LISTINGS,
        roles=AGENCY_STAFF,
        permits=is_own,
        limit=Limit.DEFAULT,
        exposes=DataClass.INTERNAL,
        status=204,
        if_match=True,
    )
    def delete(self, call: Call) -> HttpResponse:
        """Delete a listing

        One with offers is withdrawn, not deleted: 409.
        """
        lifecycle.delete(call.credential, call.target)
        return no_content()


def _changed(credential: Credential, listing: Listing) -> HttpResponse:
    return tagged(ok(shown(listing, credential)), credential, listing)


def _action(act: Any) -> Any:
    return operation(
        scope=Scope.WRITE_LISTINGS,
        roles=MANAGERS,
        permits=is_own,
        limit=Limit.DEFAULT,
        exposes=DataClass.INTERNAL,
        body=NoBody,
        returns=ListingShown,
    )(act)


class ListingPublication(OneListing):
    """Show a listing to everyone."""

    @_action
    def post(self, call: Call) -> HttpResponse:
        """Publish a listing

        Managers only: what agents write, a manager shows to the world.
        """
        return _changed(call.credential, lifecycle.publish(call.credential, call.target))


class ListingWithdrawal(OneListing):
    """Take a published listing back."""

    @_action
    def post(self, call: Call) -> HttpResponse:
        """Withdraw a listing

        It stays visible to the own agency.
        """
        return _changed(call.credential, lifecycle.withdraw(call.credential, call.target))
