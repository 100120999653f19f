"""`/api/v2/me/connected-apps`: which apps may act for the caller, and how that ends."""

from uuid import UUID

from django.http import HttpResponse

from apps.access.credential import Credential
from apps.access.endpoint import Call, Endpoint
from apps.access.operation import Limit, operation
from apps.access.scopes import Scope
from apps.agencies.roles import EVERYONE
from apps.core.answers import no_content, ok
from apps.core.cursor import cut_from, page
from apps.core.data_classes import DataClass
from apps.core.problems import Code, Problem
from apps.oauth.connected_apps import connected_to, disconnect, find
from apps.oauth.models import Consent

from .shapes.connected_app import ConnectedAppShown, shown
from .shapes.page import PageOf, PageQuery, page_of

_OWN = {
    "roles": EVERYONE,
    "permits": None,
    "limit": Limit.DEFAULT,
    "exposes": DataClass.PERSONAL,
    "for_people": True,
}


class ConnectedApps(Endpoint):
    """The apps of the caller."""

    @operation(**_OWN, scope=Scope.READ_PROFILE, query=PageQuery, returns=PageOf[ConnectedAppShown])
    def get(self, call: Call) -> HttpResponse:
        """List the connected apps

        What the caller's user has allowed on a consent page, the newest first.
        """
        found = page(
            cut_from(connected_to(call.credential.user_id)),
            Consent,
            call.request,
            ordering="-granted_at",
            limit=call.query.limit,
            cursor=call.query.cursor,
        )
        return ok(page_of(found, shown))


class ConnectedApp(Endpoint):
    """One of them."""

    def find(self, credential: Credential, app_id: UUID) -> Consent:
        app = find(credential.user_id, app_id)
        if app is None:
            raise Problem(Code.NOT_FOUND)
        return app

    @operation(**_OWN, scope=Scope.WRITE_PROFILE, status=204)
    def delete(self, call: Call) -> HttpResponse:
        """Take access back from an app

        Every token that it holds for the caller's user ends at once, and so does the consent: it
        has to ask again.
        """
        disconnect(call.credential, call.target)
        return no_content()
