"""Keys that others have seen: reported by whoever found them, or sent in a URL.

Both act only on a key whose whole text is right. Whoever has that can use the key, so letting them
end it gives them nothing; whoever has not cannot end or even recognise somebody's key.
"""

import re
from datetime import UTC, datetime

from django.db import transaction

from apps.audit.recording import Actor
from apps.audit.verbs import Verb

from .authentication import prove
from .key_format import PATTERN, MalformedKey, parse
from .lifecycle import revoke
from .models import ApiKey, NoticeKind
from .notices import tell

#: Keys that one URL is searched for.
_MOST = 3
_ANYWHERE = re.compile(PATTERN, re.ASCII)


def report(by: Actor, text: str) -> None:
    """End a key and tell its owner. Says nothing: known, unknown and malformed look alike."""
    key = _proved(text)
    if key is not None:
        end_leaked(by, key)


def end_leaked(by: Actor, key: ApiKey) -> None:
    """Revoke as leaked, and tell the owner; nothing for a key that has ended."""
    with transaction.atomic():
        if revoke(by, key, Verb.API_KEY_LEAKED):
            tell(key, NoticeKind.LEAKED)


def exposed_in(url: str) -> list[ApiKey]:
    """settings.EXPOSURE_WATCHERS: the keys in a URL. Owners of live ones are told, once."""
    texts = dict.fromkeys(match[0] for match in _ANYWHERE.finditer(url))
    keys = [key for text in list(texts)[:_MOST] if (key := _proved(text)) is not None]
    now = datetime.now(UTC)
    for key in keys:
        if key.is_live(now):
            tell(key, NoticeKind.EXPOSED)
    return keys


def _proved(text: str) -> ApiKey | None:
    try:
        key = parse(text.strip())
    except MalformedKey:
        return None
    row = prove(key) if key else None
    return ApiKey.objects.filter(pk=row.id).first() if row else None
