"""`/api/v1/buyer-profile`: the caller's own, and nobody else's."""

from django.http import HttpResponse

from apps.access.endpoint import Call
from apps.access.operation import Limit, operation
from apps.access.scopes import Scope
from apps.agencies.roles import EVERYONE
from apps.buyers import lifecycle
from apps.buyers.endpoint import OwnProfile, tagged
from apps.buyers.models import BuyerProfile
from apps.core.answers import created, no_content, ok
from apps.core.data_classes import DataClass

from .shapes.buyer_profile import BuyerProfileChanges, BuyerProfileShown, NewBuyerProfile, shown

_READ = {
    "scope": Scope.READ_PROFILE,
    "roles": EVERYONE,
    "permits": None,
    "for_people": True,
    "limit": Limit.DEFAULT,
    "exposes": DataClass.PERSONAL,
}
_WRITE = {**_READ, "scope": Scope.WRITE_PROFILE}


class BuyerProfileItem(OwnProfile):
    """The caller's profile, as far as v1 knows it."""

    @operation(**_READ, returns=BuyerProfileShown)
    def get(self, call: Call) -> HttpResponse:
        """Show the own profile

        Masked like in v2: an old version is no way around the new one.
        """
        return ok(shown(call.target))

    @operation(**_WRITE, body=NewBuyerProfile, returns=BuyerProfileShown)
    def put(self, call: Call) -> HttpResponse:
        """Create the own profile, or replace what v1 knows of it"""
        if call.target is None:
            profile = lifecycle.create(call.credential, call.body.given())
            return tagged(created(shown(profile), "/api/v1/buyer-profile"), profile)
        return _changed(lifecycle.edit(call.credential, call.target, call.body.given()))

    @operation(**_WRITE, body=BuyerProfileChanges, returns=BuyerProfileShown)
    def patch(self, call: Call) -> HttpResponse:
        """Change the own profile"""
        return _changed(lifecycle.edit(call.credential, call.target, call.body.given()))

    @operation(**_WRITE, status=204)
    def delete(self, call: Call) -> HttpResponse:
        """Delete the own profile"""
        lifecycle.delete(call.credential, call.target)
        return no_content()


def _changed(profile: BuyerProfile) -> HttpResponse:
    return tagged(ok(shown(profile)), profile)
