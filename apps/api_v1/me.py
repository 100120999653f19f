"""`/api/v1/me`: who the service takes the caller for."""

from typing import Literal

from django.contrib.auth import get_user_model
from django.http import HttpResponse

from apps.access.credential import Credential
from apps.access.endpoint import Call, Endpoint
from apps.access.operation import Limit, operation
from apps.accounts.models import User
from apps.agencies.roles import EVERYONE
from apps.core.answers import ok
from apps.core.data_classes import DataClass, Output, classified, stored
from apps.core.values import Id


class Me(Output):
    """The caller. A client that acts for itself has no `email`, and its client id for `id`."""

    shows = User

    id: Id = stored()
    email: str = stored(default="", max_length=254, examples=["ana@example.com"])
    role: Literal["buyer", "agent", "manager", "auditor", "platform_admin"] = classified(
        DataClass.INTERNAL
    )
    agency: Id | None = classified(DataClass.INTERNAL)


class MeItem(Endpoint):
    """The caller."""

    @operation(
        scope=None,
        roles=EVERYONE,
        permits=None,
        limit=Limit.DEFAULT,
        exposes=DataClass.PERSONAL,
        returns=Me,
    )
    def get(self, call: Call) -> HttpResponse:
        """Show who is calling"""
        credential = call.credential
        agency = None if credential.agency_id is None else str(credential.agency_id)
        return ok({**_name(credential), "role": credential.role, "agency": agency})


def _name(credential: Credential) -> dict[str, str]:
    if credential.user_id is None:
        return {"id": credential.client}
    user = get_user_model().objects.get(pk=credential.user_id)
    return {"id": str(user.pk), "email": user.email}
