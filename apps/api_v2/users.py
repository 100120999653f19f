"""`/api/v2/users`: everyone, for platform admins."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse

from apps.access.credential import Credential
from apps.access.endpoint import Call, Endpoint
from apps.access.operation import Limit, operation
from apps.access.scopes import Scope
from apps.accounts.administration import change
from apps.accounts.models import User
from apps.agencies.roles import PLATFORM_ADMINS, Role
from apps.core.answers import ok
from apps.core.cursor import cut_from, page
from apps.core.data_classes import DataClass
from apps.core.problems import Code, Problem

from .shapes.account import UserChange, UserShown, shown
from .shapes.page import PageOf, PageQuery, page_of

_ADMIN = {
    "scope": Scope.ADMIN_USERS,
    "roles": PLATFORM_ADMINS,
    "permits": None,
    "limit": Limit.DEFAULT,
    "exposes": DataClass.PERSONAL,
}
_EVERYONE = User.objects.select_related("membership")


class UserCollection(Endpoint):
    """Everyone who has an account."""

    @operation(**_ADMIN, query=PageQuery, returns=PageOf[UserShown])
    def get(self, call: Call) -> HttpResponse:
        """List users"""
        found = page(
            cut_from(_EVERYONE.all()),
            User,
            call.request,
            ordering="-date_joined",
            limit=call.query.limit,
            cursor=call.query.cursor,
        )
        return ok(page_of(found, shown))


class UserItem(Endpoint):
    """One of them."""

    def find(self, credential: Credential, user_id: UUID) -> User:
        user = _EVERYONE.filter(pk=user_id).first()
        if user is None:
            raise Problem(Code.NOT_FOUND)
        return user

    @operation(**_ADMIN, returns=UserShown)
    def get(self, call: Call) -> HttpResponse:
        """Show a user"""
        return ok(shown(call.target))

    @operation(**_ADMIN, second_factor=True, body=UserChange, returns=UserShown)
    def patch(self, call: Call) -> HttpResponse:
        """Change a user's role, agency or activity

        It acts on their next request, whatever they present. Nobody changes themselves, and who is
        switched off is signed out everywhere.
        """
        return ok(shown(change(call.credential, call.target, **_given(call.body))))


def _given(body: UserChange) -> dict[str, Any]:
    given = body.given()
    if "agency" in given:
        given["agency_id"] = given.pop("agency")
    return given | ({"role": Role(given["role"])} if "role" in given else {})
