"""Codes, tokens and client secrets that came in a URL: whose they are, for the audit.

They are not ended: an access token lives ten minutes, and whoever merely saw an address should not
be able to sign somebody out. What was refused is refused; the row says which family to look at.
"""

import re

from django.db.models import Model, Q

from .models import OAuthClient, TokenFamily
from .token_format import PATTERN, Kind, hashed, is_genuine

#: Texts that one URL is searched for.
_MOST = 3
_ANYWHERE = re.compile(PATTERN, re.ASCII)


def exposed_in(url: str) -> list[Model]:
    """settings.EXPOSURE_WATCHERS: the families and clients of what stands in a URL."""
    texts = dict.fromkeys(match[0] for match in _ANYWHERE.finditer(url))
    rows = [_row_of(text) for text in list(texts)[:_MOST]]
    return [row for row in rows if row is not None]


def _row_of(text: str) -> Model | None:
    if not any(is_genuine(text, kind) for kind in Kind):
        return None
    stored = hashed(text)
    if is_genuine(text, Kind.CLIENT_SECRET):
        return OAuthClient.objects.filter(client_secret=stored).first()
    held = (
        Q(code__code=stored)
        | Q(access_tokens__token_checksum=stored)
        | Q(refresh_tokens__token_checksum=stored)
    )
    return TokenFamily.objects.filter(held).first()
