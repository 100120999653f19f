"""`/api/v2/api-keys`: the caller's own keys."""

from uuid import UUID

from django.http import HttpResponse

from apps.access.credential import Credential
from apps.access.endpoint import Call, Endpoint
from apps.access.operation import Limit, operation
from apps.access.scopes import Scope
from apps.agencies.roles import EVERYONE
from apps.apikeys import lifecycle
from apps.apikeys.models import ApiKey
from apps.core.answers import created, no_content, ok
from apps.core.cursor import cut_from, page
from apps.core.data_classes import DataClass
from apps.core.problems import Code, Problem

from .shapes.api_key import ApiKeyCreated, ApiKeyShown, NewApiKey, shown
from .shapes.page import PageOf, PageQuery, page_of

_PATH = "/api/v2/api-keys"
_OWN = {
    "scope": Scope.ADMIN_KEYS,
    "roles": EVERYONE,
    "permits": None,
    "limit": Limit.DEFAULT,
    "exposes": DataClass.SECRET,
}


class ApiKeyCollection(Endpoint):
    """The caller's keys."""

    @operation(**_OWN, query=PageQuery, returns=PageOf[ApiKeyShown])
    def get(self, call: Call) -> HttpResponse:
        """List the own keys

        Revoked and expired ones stay in the list: they are part of the story.
        """
        found = page(
            cut_from(ApiKey.objects.visible_to(call.credential)),
            ApiKey,
            call.request,
            ordering="-created_at",
            limit=call.query.limit,
            cursor=call.query.cursor,
        )
        return ok(page_of(found, shown))

    @operation(**_OWN, cost=5, body=NewApiKey, returns=ApiKeyCreated, status=201)
    def post(self, call: Call) -> HttpResponse:
        """Make a key

        Its text is in this answer and nowhere else, ever. A key makes keys no wider than itself
        and never one with an admin scope.
        """
        body: NewApiKey = call.body
        key, text = lifecycle.create(
            call.credential,
            user_id=call.credential.user_id,
            name=body.name,
            scopes=body.scopes,
            networks=body.networks,
            expires_at=body.expires_at,
        )
        return created({**shown(key), "key": text}, f"{_PATH}/{key.id}")


class ApiKeyItem(Endpoint):
    """One key."""

    def find(self, credential: Credential, key_id: UUID) -> ApiKey:
        key = ApiKey.objects.visible_to(credential).filter(pk=key_id).first()
        if key is None:
            raise Problem(Code.NOT_FOUND)
        return key

    @operation(**_OWN, returns=ApiKeyShown)
    def get(self, call: Call) -> HttpResponse:
        """Show a key"""
        return ok(shown(call.target))

    @operation(**_OWN, status=204)
    def delete(self, call: Call) -> HttpResponse:
        """Revoke a key

        It stops working with the next request, on every node.
        """
        lifecycle.revoke(call.credential, call.target)
        return no_content()
