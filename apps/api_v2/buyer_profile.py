"""`/api/v2/buyer-profile`: the caller's own, and nobody else's."""

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

from .shapes.buyer_profile import (
    BuyerProfileChanges,
    BuyerProfileRevealed,
    BuyerProfileShown,
    NewBuyerProfile,
    RevealRequest,
    revealed,
    shown,
)

_PATH = "/api/v2/buyer-profile"
_READ = {
    "scope": Scope.READ_PROFILE,
    "roles": EVERYONE,
    "permits": None,
    "for_people": True,
    "limit": Limit.DEFAULT,
    "exposes": DataClass.PERSONAL,
}
_WRITE = {**_READ, "scope": Scope.WRITE_PROFILE}


def _changed(profile: BuyerProfile) -> HttpResponse:
    return tagged(ok(shown(profile)), profile)


class BuyerProfileItem(OwnProfile):
    """The caller's profile."""

    @operation(**_READ, returns=BuyerProfileShown)
    def get(self, call: Call) -> HttpResponse:
        """Show the own profile

        Values are masked: a screen, a log or a stolen read key shows too little to be of use.
        """
        return ok(shown(call.target))

    @operation(**_WRITE, body=NewBuyerProfile, returns=BuyerProfileShown, if_match=True)
    def put(self, call: Call) -> HttpResponse:
        """Create or replace the own profile

        If-Match is demanded where a profile exists.
        """
        if call.target is None:
            profile = lifecycle.create(call.credential, call.body.fields())
            return tagged(created(shown(profile), _PATH), profile)
        return _changed(lifecycle.edit(call.credential, call.target, call.body.fields()))

    @operation(**_WRITE, body=BuyerProfileChanges, returns=BuyerProfileShown, if_match=True)
    def patch(self, call: Call) -> HttpResponse:
        """Change the own profile

        A masked value sent back is refused, so that it never replaces the real one.
        """
        return _changed(lifecycle.edit(call.credential, call.target, call.body.fields()))

    @operation(**_WRITE, status=204, if_match=True)
    def delete(self, call: Call) -> HttpResponse:
        """Delete the own profile"""
        lifecycle.delete(call.credential, call.target)
        return no_content()


class BuyerProfileReveal(OwnProfile):
    """The caller's profile in clear."""

    @operation(
        **{**_READ, "limit": Limit.REVEAL}, cost=5, body=RevealRequest, returns=BuyerProfileRevealed
    )
    def post(self, call: Call) -> HttpResponse:
        """Show the own profile in clear

        Every reveal is recorded with its reason before the values leave.
        """
        profile = lifecycle.reveal(call.credential, call.target, call.body.reason)
        return ok(revealed(profile))
