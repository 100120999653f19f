"""`/api/v2/accounts`: opening an account, under the same rules as the page."""

from django.core.exceptions import ValidationError
from django.http import HttpResponse

from apps.access.endpoint import Call, Endpoint
from apps.access.operation import Limit, operation
from apps.accounts.registration import refuse_weak, register
from apps.agencies.roles import EVERYONE
from apps.core.answers import accepted
from apps.core.data_classes import DataClass
from apps.core.problems import FieldError, invalid
from apps.ratelimits.guards import Flow, guard

from .shapes.account import NewAccount

#: Django's names for weaknesses, in ours.
_CODES = {
    "password_too_short": "too_short",
    "password_too_long": "too_long",
    "password_too_common": "too_common",
    "password_too_similar": "too_similar",
    "password_of_context_words": "too_common",
}


class Registration(Endpoint):
    """Accounts."""

    @operation(
        scope=None,
        roles=EVERYONE,
        permits=None,
        limit=Limit.DEFAULT,
        exposes=DataClass.PERSONAL,
        anonymous=True,
        body=NewAccount,
        status=202,
    )
    def post(self, call: Call) -> HttpResponse:
        """Open an account

        The address is sent a link that proves it; until then the account opens nothing. Whether
        there is an account with this address already is told to its mailbox alone.
        """
        body: NewAccount = call.body
        guard(Flow.REGISTRATION, body.email, call.request.address)
        try:
            refuse_weak(body.email, body.password)
        except ValidationError as weak:
            raise invalid(*(_fault(error) for error in weak.error_list)) from None
        register(body.email, body.password)
        return accepted()


def _fault(error: ValidationError) -> FieldError:
    return FieldError("/password", _CODES.get(error.code, "invalid"), " ".join(error.messages))
