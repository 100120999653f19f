"""The request that a consent page showed, in its form: what is allowed is what was seen.

Attack: a form that is sent from elsewhere, or changed in the browser, allows more than anybody
read, or in the name of somebody else. The ticket is signed, for one person in one session and for
ten minutes; what it says is read and decided anew when it comes back.
"""

import hashlib
from datetime import timedelta

from django.core import signing
from django.http import HttpRequest, QueryDict

_SALT = "oauth.consent"
_LASTS = timedelta(minutes=10)


def ticket_for(request: HttpRequest, query: QueryDict) -> str:
    """The request `query`, for whoever is signed in here."""
    return signing.dumps([query.urlencode(), *_bearer(request)], salt=_SALT, compress=True)


def query_of(request: HttpRequest, ticket: str) -> QueryDict | None:
    """The request; None for a ticket of another person or session, an old one, or none at all."""
    try:
        text, *bearer = signing.loads(ticket, salt=_SALT, max_age=_LASTS)
    except signing.BadSignature:
        return None
    return QueryDict(text) if bearer == _bearer(request) else None


def _bearer(request: HttpRequest) -> list[str]:
    session = request.session.session_key or ""
    return [str(request.user.pk), hashlib.sha256(session.encode()).hexdigest()]
