"""Connected apps as v2 shows them."""

from typing import Any, Literal

from apps.core.data_classes import DataClass, Output, classified
from apps.core.values import Id, Moment, moment
from apps.oauth.models import Consent
from apps.oauth.scopes import KNOWN

AppScope = Literal[tuple(str(scope) for scope in KNOWN)]


class ConnectedAppShown(Output):
    """An app that the caller has allowed to act for them, and what for."""

    id: Id = classified(DataClass.INTERNAL)
    client_id: str = classified(
        DataClass.INTERNAL, max_length=36, examples=["0198c1d4-5e2f-7a56-9145-270ce6b3bebd"]
    )
    name: str = classified(DataClass.INTERNAL, max_length=60, examples=["Offer Desk"])
    scopes: list[AppScope] = classified(
        DataClass.INTERNAL, max_length=len(KNOWN), examples=[["openid", "read:offers"]]
    )
    granted_at: Moment = classified(DataClass.INTERNAL)


def shown(app: Consent) -> dict[str, Any]:
    """A consent, read with its client."""
    return {
        "id": str(app.pk),
        "client_id": app.client.client_id,
        "name": app.client.name,
        "scopes": app.scopes,
        "granted_at": moment(app.granted_at),
    }
