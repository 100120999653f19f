"""What can be recorded: a closed set, so that a reader of the log knows every word in it."""

from enum import StrEnum


class Verb(StrEnum):
    """subject.action; a verb never changes its meaning and is never reused."""

    LOGIN_SUCCEEDED = "login.succeeded"
    LOGIN_FAILED = "login.failed"
    LOGGED_OUT = "login.ended"
    ACCOUNT_REGISTERED = "account.registered"
    EMAIL_VERIFIED = "email.verified"
    PASSWORD_CHANGED = "password.changed"  # noqa: S105 (words, not secrets)
    PASSWORD_RESET = "password.reset"  # noqa: S105
    SECOND_FACTOR_ADDED = "second_factor.added"
    SECOND_FACTOR_REMOVED = "second_factor.removed"
    SECOND_FACTOR_FAILED = "second_factor.failed"
    RECOVERY_CODES_RENEWED = "recovery_codes.renewed"
    SESSION_ENDED = "session.ended"
    USER_CHANGED = "user.changed"
    ACCOUNT_EXPORTED = "account.exported"
    ACCOUNT_ERASED = "account.erased"
    CREDENTIAL_REFUSED = "credential.refused"
    CREDENTIAL_EXPOSED = "credential.exposed"
    ACCESS_REFUSED = "access.refused"
    LIMIT_REACHED = "limit.reached"
    LIMITS_RESET = "limits.reset"
    PENALTY_BEGUN = "penalty.begun"
    INPUT_REFUSED = "input.refused"
    API_KEY_CREATED = "api_key.created"
    API_KEY_CHANGED = "api_key.changed"
    API_KEY_ROTATED = "api_key.rotated"
    API_KEY_REVOKED = "api_key.revoked"
    API_KEY_LEAKED = "api_key.leaked"
    TOKEN_ISSUED = "token.issued"  # noqa: S105
    TOKEN_REPLAYED = "token.replayed"  # noqa: S105
    TOKEN_REVOKED = "token.revoked"  # noqa: S105
    CLIENT_REFUSED = "client.refused"
    CLIENT_CREATED = "client.created"
    CLIENT_CHANGED = "client.changed"
    CLIENT_SECRET_ROTATED = "client.secret_rotated"  # noqa: S105
    CLIENT_DEACTIVATED = "client.deactivated"
    CLIENT_ACTIVATED = "client.activated"
    CLIENT_ACCESS_ENDED = "client.access_ended"
    ENDED_EVERYWHERE = "account.ended_everywhere"
    CONSENT_GIVEN = "consent.given"
    CONSENT_REFUSED = "consent.refused"
    SIGNING_KEY_MADE = "signing_key.made"
    LISTING_CREATED = "listing.created"
    LISTING_CHANGED = "listing.changed"
    LISTING_DELETED = "listing.deleted"
    LISTING_PUBLISHED = "listing.published"
    LISTING_WITHDRAWN = "listing.withdrawn"
    LISTING_SOLD = "listing.sold"
    PROFILE_CREATED = "profile.created"
    PROFILE_CHANGED = "profile.changed"
    PROFILE_DELETED = "profile.deleted"
    PROFILE_REVEALED = "profile.revealed"
    BUYER_LOOKED_UP = "buyer.looked_up"
    OFFER_SUBMITTED = "offer.submitted"
    OFFER_ACCEPTED = "offer.accepted"
    OFFER_REJECTED = "offer.rejected"
    OFFER_WITHDRAWN = "offer.withdrawn"
    OFFER_REVEALED = "offer.revealed"
    FIELD_KEYS_ROTATION_BEGUN = "field_keys.rotation_begun"
    FIELD_KEYS_ROTATED = "field_keys.rotated"
    ADMIN_CHANGED = "admin.changed"
    AUDIT_READ = "audit.read"
    AUDIT_EXPORTED = "audit.exported"
    AUDIT_RETAINED = "audit.retained"


class Outcome(StrEnum):
    """How it ended."""

    DONE = "done"
    REFUSED = "refused"
