"""`/api/v2/me/activity`: what I did, and what happened to my account."""

from functools import partial

from django.http import HttpResponse

from apps.access.endpoint import Call, Endpoint
from apps.access.operation import Limit, operation
from apps.agencies.roles import EVERYONE
from apps.audit.activity import activity_of
from apps.audit.models import AuditEntry
from apps.core.answers import ok
from apps.core.cursor import cut_from, page
from apps.core.data_classes import DataClass

from .shapes.account import ActivityShown, happened
from .shapes.page import PageOf, PageQuery, page_of


class Activity(Endpoint):
    """The own activity."""

    @operation(
        scope=None,
        roles=EVERYONE,
        permits=None,
        for_people=True,
        limit=Limit.DEFAULT,
        exposes=DataClass.PERSONAL,
        query=PageQuery,
        returns=PageOf[ActivityShown],
    )
    def get(self, call: Call) -> HttpResponse:
        """List the own activity

        The audit rows of this caller's user, and those about their account: sign-ins that failed
        are among them. Newest first.
        """
        me = call.credential.user_id
        found = page(
            cut_from(activity_of(me)),
            AuditEntry,
            call.request,
            ordering="-at",
            limit=call.query.limit,
            cursor=call.query.cursor,
        )
        return ok(page_of(found, partial(happened, to=me)))
