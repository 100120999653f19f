"""`/api/v2/api-keys`: the caller's own keys, and reports of anybody's that leaked."""

from datetime import timedelta
from uuid import UUID

from django.http import HttpResponse

from apps.access.credential import Credential
from apps.access.endpoint import Call, Endpoint
from apps.access.operation import Limit, operation
from apps.access.scopes import Scope
from apps.agencies.roles import EVERYONE
from apps.apikeys import leaks, lifecycle
from apps.apikeys.models import ApiKey
from apps.apikeys.narrowing import edit
from apps.apikeys.rotation import DEFAULT_OVERLAP, rotate
from apps.core.answers import accepted, created, no_content, ok
from apps.core.cursor import cut_from, page
from apps.core.data_classes import DataClass
from apps.core.problems import Code, Problem

from .shapes.api_key import (
    ApiKeyChange,
    ApiKeyCreated,
    ApiKeyShown,
    LeakReport,
    NewApiKey,
    Rotation,
    shown,
)
from .shapes.api_key_usage import ApiKeyUsageShown, UsageQuery, usage_of
from .shapes.page import PageOf, PageQuery, page_of

_PATH = "/api/v2/api-keys"
_OWN = {
    "scope": Scope.ADMIN_KEYS,
    "roles": EVERYONE,
    "permits": None,
    "for_people": True,
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


class OneApiKey(Endpoint):
    """Finds the key among the caller's own."""

    def find(self, credential: Credential, key_id: UUID) -> ApiKey:
        key = ApiKey.objects.visible_to(credential).filter(pk=key_id).first()
        if key is None:
            raise Problem(Code.NOT_FOUND)
        return key


class ApiKeyItem(OneApiKey):
    """One key."""

    @operation(**_OWN, returns=ApiKeyShown)
    def get(self, call: Call) -> HttpResponse:
        """Show a key"""
        return ok(shown(call.target))

    @operation(**_OWN, body=ApiKeyChange, returns=ApiKeyShown)
    def patch(self, call: Call) -> HttpResponse:
        """Rename or narrow a key

        Its scopes, networks and life only ever shrink; for more, make a new key.
        """
        return ok(shown(edit(call.credential, call.target, call.body.given())))

    @operation(**_OWN, status=204)
    def delete(self, call: Call) -> HttpResponse:
        """Revoke a key

        It stops working with the next request, on every node.
        """
        lifecycle.revoke(call.credential, call.target)
        return no_content()


class ApiKeyRotation(OneApiKey):
    """A key's successor."""

    @operation(**_OWN, body=Rotation, returns=ApiKeyCreated, status=201)
    def post(self, call: Call) -> HttpResponse:
        """Rotate a key

        Its successor has the same owner, scopes, networks, tier and lifetime; its text is in this
        answer and nowhere else. The old key goes on for the overlap, an hour unless told
        otherwise. A compromised one ends at once. A key rotates itself, and others no wider than
        itself, each once.
        """
        body: Rotation = call.body
        overlap = body.overlap_seconds
        key, text = rotate(
            call.credential,
            call.target,
            overlap=DEFAULT_OVERLAP if overlap is None else timedelta(seconds=overlap),
            compromised=body.compromised,
        )
        return created({**shown(key), "key": text}, f"{_PATH}/{key.id}")


class ApiKeyUsage(OneApiKey):
    """What a key was used for."""

    @operation(
        **{**_OWN, "exposes": DataClass.PERSONAL}, query=UsageQuery, returns=ApiKeyUsageShown
    )
    def get(self, call: Call) -> HttpResponse:
        """Show what a key is used for

        Where it was used last, how often by day and route (UTC; the last minute may be missing),
        and which of its scopes no request needed: those can be narrowed away.
        """
        return ok(usage_of(call.target, call.query.days))


class LeakReports(Endpoint):
    """Reports of keys that were found where they should not be."""

    @operation(
        scope=None,
        roles=EVERYONE,
        permits=None,
        limit=Limit.LEAK_REPORT,
        exposes=DataClass.SECRET,
        anonymous=True,
        body=LeakReport,
        status=202,
    )
    def post(self, call: Call) -> HttpResponse:
        """Report a leaked key

        Anyone may. A key that is real is revoked at once and its owner is told; the answer is the
        same for any text, so that nothing is learnt by asking.
        """
        leaks.report(call.credential, call.body.key)
        return accepted()
