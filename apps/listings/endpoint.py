"""Routes with a listing's id in them, in every version."""

from uuid import UUID

from django.http import HttpResponse

from apps.access.credential import Credential
from apps.access.endpoint import Endpoint
from apps.core.compiled import compiled
from apps.core.problems import Code, Problem

from .models import Listing, Listings


class OneListing(Endpoint):
    """Finds the listing among those that the caller may see, and tags what they see of it."""

    def find(self, credential: Credential, listing_id: UUID) -> Listing:
        found = _visible(staff_of=credential.staff_of, listing_id=listing_id)
        if not found:
            raise Problem(Code.NOT_FOUND)
        return found[0]

    def etag(self, credential: Credential, target: Listing) -> str:
        return entity_tag(credential, target)


@compiled(by_key=True)
def _visible(*, staff_of: UUID | None, listing_id: UUID) -> Listings:
    return Listing.objects.visible_from(staff_of).filter(pk=listing_id)


def entity_tag(credential: Credential, listing: Listing) -> str:
    """Own agency and public see different fields, so they have different strong tags."""
    return f'"{listing.version}{"a" if listing.is_own_of(credential) else "p"}"'


def tagged(response: HttpResponse, credential: Credential, listing: Listing) -> HttpResponse:
    """The answer to a change, with the listing's new tag."""
    response["ETag"] = entity_tag(credential, listing)
    return response
