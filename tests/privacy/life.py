"""Somebody with a row in every table that can hold one about a person."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from allauth.account.models import EmailConfirmation
from allauth.mfa.models import Authenticator
from django.contrib.admin.models import LogEntry
from django.test import Client
from oauth2_provider.models import DeviceGrant, IDToken

from apps.accounts.models import User
from apps.apikeys.models import ApiKey, Notice, UsageCount
from apps.oauth.models import AccessToken, AuthorizationCode, Consent, RefreshToken, TokenFamily
from apps.offers.models import Offer
from apps.privacy import erasure
from apps.privacy.models import Erasure
from tests import people, world
from tests.api import Api
from tests.tokens import client, token

EMAIL = "xaviera.quillfeather@example.com"
PROFILE = {
    "legal_name": "Xaviera Quillfeather",
    "phone": "+15055557391",
    "national_id": "905-33-7741",
    "date_of_birth": "1971-11-23",
    "annual_income": {"amount": "73519.00", "currency": "USD"},
}
MESSAGE = "My landlord must not hear of this"
#: What nobody may find after an erasure, and what an export shows.
VALUES = ["xaviera", "Quillfeather", "5557391", "905-33", "1971-11-23", "73519", MESSAGE]
#: Rows about a person that only come to be when the person goes.
ONLY_AFTER = {Erasure}


class Life:
    """The person, signed in at `browser`, with a working `key`, and what they left behind."""

    def __init__(self) -> None:
        self.user: User = people.with_totp(people.verified(email=EMAIL, of=world.agency()))
        self.browser = people.sign_in(self.user)
        self.row, self.key = world.key_row(self.user)
        self.api = Api(self.key)
        self.api.put("buyer-profile", PROFILE)
        self.offers = [self._bid(), self._old_offer()]
        self._used()
        self._granted()

    def _old_offer(self) -> Offer:
        home = world.listing(world.agency())
        return world.offer(home, self.user, message=MESSAGE, status="rejected")

    def _bid(self) -> Offer:
        home = world.listing(world.agency())
        body = {
            "listing": str(home.pk),
            "amount": {"amount": "410000.00", "currency": "USD"},
            "message": MESSAGE,
        }
        self.api.post("offers", body, idempotency_key="a-fresh-random-value")
        return Offer.objects.get(listing=home)

    def steps_up(self, minutes: float = 1) -> Api:
        """With a token of a sign-in with a second factor, so many minutes ago."""
        return Api(token(self.user, "admin", minutes=minutes))

    def _used(self) -> None:
        today = datetime.now(UTC).date()
        ApiKey.objects.filter(pk=self.row.pk).update(last_used_address="203.0.113.77")
        UsageCount.objects.create(key=self.row, day=today, route="api/v2/me", requests=3)
        Notice.objects.create(key=self.row, kind="expiring")
        Api(self.key).get("/api/v1/listings")
        EmailConfirmation.objects.create(
            email_address=self.user.emailaddress_set.get(), key="unused-confirmation"
        )
        Authenticator.objects.create(user=self.user, type="webauthn", data={"name": "My passkey"})
        LogEntry.objects.create(user=self.user, action_flag=2, object_repr="x", change_message="")

    def _granted(self) -> None:
        now = datetime.now(UTC)
        app, _ = client()
        Consent.objects.create(user=self.user, client=app, scopes=["read"], granted_at=now)
        family = TokenFamily.objects.create(
            user=self.user, client=app, scopes=["read"], resources=[], started_at=now
        )
        of = {"family": family, "expires": now + timedelta(hours=1)}
        AuthorizationCode.objects.create(
            **of, code="c" * 64, code_challenge="x" * 43, redirect_uri="https://app.example"
        )
        AccessToken.objects.create(**of, token_checksum="a" * 64, scopes=["read"], audience="api")
        RefreshToken.objects.create(**of, token_checksum="r" * 64)
        library = {"user": self.user, "expires": of["expires"]}
        IDToken.objects.create(**library, application=app)
        DeviceGrant.objects.create(
            **library, device_code="d" * 40, user_code="u" * 10, client_id="app"
        )


def erased() -> UUID:
    """The id of somebody who was just forgotten."""
    user = people.verified()
    erasure.erase(world.credential(user), user.pk)
    return user.pk


def ready() -> str:
    """What readiness says of the list."""
    return Client().get("/readyz").json()["parts"]["erasures"]
