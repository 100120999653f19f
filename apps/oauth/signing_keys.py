"""The keys that sign ID tokens: which one signs, which ones are published, and how the next comes.

Each moment is a function of the clock and of rows, so every node decides alike and a restart
changes nothing. A rotation is one command: the next key stands in the JWKS from then on, signs once
every cache of the JWKS has met it, and the one before leaves when its last token has expired.
Nobody has to come back for a second step.
"""

from datetime import UTC, datetime, timedelta
from functools import lru_cache

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from jwcrypto.jwk import JWK

from apps.audit.actors import Operator
from apps.audit.recording import record
from apps.audit.verbs import Verb

from .models import SigningKey

#: How long anybody may keep the JWKS.
JWKS_MAX_AGE = timedelta(hours=1)
#: For clocks that differ, and for answers that were on their way.
SLACK = timedelta(minutes=5)
_BITS = 3072  # 128 bits of security (ASVS 11.2.3)


class NoSigningKey(Exception):
    """There is none yet: `manage.py oauth_keys ensure` makes it."""


class RotationRefused(Exception):
    """Why there is no next key, in a sentence."""


def current(now: datetime | None = None) -> SigningKey:
    """The key that signs at this moment. Raises NoSigningKey."""
    key = _usable().filter(active_from__lte=now or datetime.now(UTC)).last()
    if key is None:
        raise NoSigningKey("manage.py oauth_keys ensure")
    return key


def waiting(now: datetime | None = None) -> SigningKey | None:
    """The key that is published and does not sign yet."""
    return _usable().filter(active_from__gt=now or datetime.now(UTC)).first()


def published(now: datetime | None = None) -> list[SigningKey]:
    """Every key whose tokens are good now or may soon be: what the JWKS holds."""
    now = now or datetime.now(UTC)
    keys = list(_usable())
    successors = [*keys[1:], None]
    followed = zip(keys, successors, strict=False)  # without a key there is no successor either
    return [key for key, next_one in followed if next_one is None or now < gone_at(next_one)]


def gone_at(successor: SigningKey) -> datetime:
    """When the last token of the key before this one has expired."""
    life = timedelta(seconds=settings.OAUTH2_PROVIDER["ID_TOKEN_EXPIRE_SECONDS"])
    return successor.active_from + life + SLACK


def private_jwk(key: SigningKey) -> JWK:
    """For signing; read once in each process, because checking an RSA key takes a while."""
    return _read(key.private_key)


def public_jwk(key: SigningKey) -> dict[str, str]:
    """A member of the JWKS (RFC 7517)."""
    public = private_jwk(key).export_public(as_dict=True)
    return {"kid": key.kid, "use": "sig", "alg": "RS256", **public}


@lru_cache(maxsize=8)
def _read(pem: str) -> JWK:
    return JWK.from_pem(pem.encode())


@transaction.atomic
def ensure() -> bool:
    """Make the first key where there is none that may sign; says whether it did."""
    if _usable().exists():
        return False
    _make(active_from=datetime.now(UTC), why="first")
    return True


@transaction.atomic
def rotate(*, compromised: bool = False) -> SigningKey:
    """Make the next key. Raises RotationRefused while one is waiting already.

    `compromised`: every key that there is stops at once, and with it every ID token that it signed.
    """
    now = datetime.now(UTC)
    keys = list(SigningKey.objects.select_for_update().filter(retired_at=None))
    if not compromised and any(key.active_from > now for key in keys):
        raise RotationRefused("The next key is waiting already; it will sign by itself.")
    if compromised:
        for key in keys:
            key.retired_at = now
            key.save(update_fields=["retired_at"])
    signs_at_once = compromised or not keys
    start = now if signs_at_once else now + JWKS_MAX_AGE + SLACK
    return _make(active_from=start, why="compromised" if compromised else "rotated")


def forget_gone() -> int:
    """Delete the keys that nothing good is signed with any more; for `tick`."""
    kept = {key.pk for key in published()}
    gone = [key for key in SigningKey.objects.all() if key.pk not in kept]
    for key in gone:
        key.delete()
    return len(gone)


def _usable() -> QuerySet[SigningKey]:
    return SigningKey.objects.filter(retired_at=None).order_by("active_from", "created_at")


def _make(*, active_from: datetime, why: str) -> SigningKey:
    jwk = JWK.generate(kty="RSA", size=_BITS)
    key = SigningKey.objects.create(
        kid=jwk.thumbprint(),
        private_key=jwk.export_to_pem(private_key=True, password=None).decode(),
        active_from=active_from,
    )
    record(Verb.SIGNING_KEY_MADE, Operator(), key, reason=why)
    return key
