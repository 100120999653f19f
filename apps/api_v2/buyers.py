"""`/api/v2/buyers`: buyers as those see them who deal with them."""

from django.http import HttpResponse

from apps.access.endpoint import Call, Endpoint
from apps.access.operation import Limit, operation
from apps.access.scopes import Scope
from apps.agencies.roles import MANAGERS, PLATFORM_ADMINS
from apps.core.answers import ok
from apps.core.data_classes import DataClass
from apps.offers.known_buyers import look_up

from .shapes.buyer_lookup import BuyerLookUp, BuyersFound, shown


class BuyerLookup(Endpoint):
    """Who has this telephone number, or this national id?"""

    @operation(
        scope=Scope.READ_PROFILE,
        roles=MANAGERS | PLATFORM_ADMINS,
        permits=None,
        limit=Limit.BUYER_LOOKUP,
        exposes=DataClass.PERSONAL,
        body=BuyerLookUp,
        returns=BuyersFound,
    )
    def post(self, call: Call) -> HttpResponse:
        """Look a buyer up

        A manager finds buyers with an offer on a listing of the own agency, a platform admin every
        buyer; anyone else is answered like nobody. A POST, so that the number stands in no URL and
        no log. Recorded with its kind and the count; limited for each person, over all keys.
        """
        return ok(shown(look_up(call.credential, *call.body.asked())))
