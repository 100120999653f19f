"""When a request was first seen, carried in its own address through sign-in and back.

`prompt=login` is met by a proof that is younger than the request. The moment is signed together
with everything that the client asked, so nobody can bring an older one, or that of another request.
"""

import hashlib
from datetime import UTC, datetime, timedelta

from django.core import signing
from django.http import QueryDict

NAME = "begun"
#: Who takes longer to sign in is asked once more where the client wanted a young proof.
_LASTS = timedelta(minutes=15)
_SALT = "oauth.begun"


def marked(query: QueryDict, at: datetime) -> QueryDict:
    """The same request, with the moment at which it was first seen."""
    with_mark = QueryDict(query.urlencode(), mutable=True)
    with_mark[NAME] = signing.Signer(salt=_SALT).sign_object([at.timestamp(), _of(query)])
    return with_mark


def unmarked(query: QueryDict) -> tuple[QueryDict, datetime | None]:
    """What the client asked, and when it was first seen; None where nothing true says so."""
    plain = QueryDict(query.urlencode(), mutable=True)
    marks = plain.pop(NAME, [])
    try:
        at, of = signing.Signer(salt=_SALT).unsign_object(marks[-1] if marks else "")
    except (signing.BadSignature, ValueError):
        return plain, None
    begun = datetime.fromtimestamp(at, UTC)
    is_ours = of == _of(plain) and datetime.now(UTC) - begun < _LASTS
    return plain, begun if is_ours else None


def _of(query: QueryDict) -> str:
    return hashlib.sha256(query.urlencode().encode()).hexdigest()
