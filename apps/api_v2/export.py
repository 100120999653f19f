"""`/api/v2/me/export`: everything that is held about the caller, in clear."""

from typing import Any, Literal

from django.contrib.auth import get_user_model
from django.http import StreamingHttpResponse

from apps.access.endpoint import Call, Endpoint
from apps.access.operation import Limit, operation
from apps.agencies.roles import EVERYONE
from apps.core.answers import download
from apps.core.data_classes import DataClass, Output, classified
from apps.core.values import Id, Moment
from apps.privacy.export import FILE_NAME, export

_REASONS = {"apikeys.apikey": {"digest": "a secret, or what proves one"}}


class PersonalData(Output):
    """All that is held about one person; docs/export.schema.json describes it wholly."""

    format: Literal["gatehouse-personal-data"] = classified(DataClass.PUBLIC)
    version: Literal[1] = classified(DataClass.PUBLIC)
    exported_at: Moment = classified(DataClass.INTERNAL)
    person: Id = classified(DataClass.INTERNAL)
    left_out: dict[str, Any] = classified(DataClass.PUBLIC, max_length=200, examples=[_REASONS])
    sections: dict[str, Any] = classified(
        DataClass.PERSONAL, max_length=200, examples=[{"agencies.membership": []}]
    )
    complete: Literal[True] = classified(DataClass.PUBLIC)


class Export(Endpoint):
    """The own data."""

    @operation(
        scope=None,
        roles=EVERYONE,
        permits=None,
        for_people=True,
        limit=Limit.EXPORT,
        exposes=DataClass.PERSONAL,
        second_factor=True,
        returns=PersonalData,
    )
    def get(self, call: Call) -> StreamingHttpResponse:
        """Download everything that is held about the caller

        Every row about this person in clear, by table. It is sent while it is made: a document
        without its last member, `complete`, broke off. Secrets and other people's data are not in
        it; `left_out` says what, and why.
        """
        person = get_user_model().objects.get(pk=call.credential.user_id)
        return download(export(call.credential, person), FILE_NAME)
