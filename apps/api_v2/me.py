"""`/api/v2/me`: who the service takes the caller for."""

from typing import Any, Literal

from django.contrib.auth import get_user_model
from django.http import HttpResponse

from apps.access.credential import Credential
from apps.access.endpoint import Call, Endpoint
from apps.access.operation import Limit, operation
from apps.accounts.models import User
from apps.agencies.models import Agency
from apps.agencies.roles import EVERYONE
from apps.core.answers import no_content, ok
from apps.core.data_classes import DataClass, Output, classified, stored
from apps.core.values import Id, Moment, moment
from apps.privacy.erasure import erase, may_go

from .shapes.api_key import ScopeText


class AgencyShown(Output):
    """The agency of the caller."""

    shows = Agency

    id: Id = stored()
    name: str = stored(max_length=100, examples=["Sandia Homes"])


class CredentialShown(Output):
    """What was presented, without its text."""

    kind: Literal["api_key", "token"] = classified(DataClass.INTERNAL)
    id: str = classified(
        DataClass.INTERNAL, max_length=80, examples=["0198c1d4-5e2f-7a56-9145-270ce6b3bebd"]
    )
    scopes: list[ScopeText] = classified(
        DataClass.INTERNAL, max_length=27, examples=[["read:listings", "write:offers"]]
    )
    tier: Literal["free", "partner", "internal"] = classified(DataClass.INTERNAL)
    expires_at: Moment | None = classified(DataClass.INTERNAL)


class Me(Output):
    """The caller. A client that acts for itself has no `email`, and its client id for `id`."""

    shows = User

    id: Id = stored()
    email: str = stored(default="", max_length=254, examples=["ana@example.com"])
    role: Literal["buyer", "agent", "manager", "auditor", "platform_admin"] = classified(
        DataClass.INTERNAL
    )
    agency: AgencyShown | None = classified(DataClass.INTERNAL)
    credential: CredentialShown = classified(DataClass.INTERNAL)


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
        """Show who is calling

        Any good credential will do; what it may do stands in credential.scopes.
        """
        return ok(
            {
                **_name(call.credential),
                "role": call.credential.role,
                "agency": _agency(call.credential),
                "credential": _credential(call.credential),
            }
        )

    @operation(
        scope=None,
        roles=EVERYONE,
        permits=may_go,
        for_people=True,
        limit=Limit.DEFAULT,
        exposes=DataClass.PERSONAL,
        second_factor=True,
        status=204,
    )
    def delete(self, call: Call) -> HttpResponse:
        """Erase the own account

        It cannot be undone. Every credential and session ends, open offers are withdrawn, and
        personal data goes; offers that were made stay in the agencies' books without it, and the
        audit keeps an id that leads nowhere. The last platform admin cannot go.
        """
        erase(call.credential, call.credential.user_id)
        return no_content()


def _name(credential: Credential) -> dict[str, str]:
    if credential.user_id is None:
        return {"id": credential.client}
    user = get_user_model().objects.get(pk=credential.user_id)
    return {"id": str(user.pk), "email": user.email}


def _agency(credential: Credential) -> dict[str, str] | None:
    if credential.agency_id is None:
        return None
    agency = Agency.objects.get(pk=credential.agency_id)
    return {"id": str(agency.pk), "name": agency.name}


def _credential(credential: Credential) -> dict[str, Any]:
    return {
        "kind": credential.kind,
        "id": credential.id,
        "scopes": sorted(credential.scopes),
        "tier": credential.tier,
        "expires_at": moment(credential.expires_at),
    }
