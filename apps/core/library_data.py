"""What the tables of libraries hold: one declaration for each model that is not ours to write in.

A new version that brings a field fails the system check until it stands here.
"""

from .classification import Classified

_SOON_GONE = "shown to its owner, who tells the own devices by it; goes when the session ends"

LIBRARY_DATA: dict[str, Classified] = {
    "auth.Permission": Classified(internal="id name content_type codename"),
    "auth.Group": Classified(internal="id name permissions"),
    "contenttypes.ContentType": Classified(internal="id app_label model"),
    "sessions.Session": Classified(
        internal="expire_date",
        secrets="session_key session_data",
        clear={
            "session_key": "Django looks a session up by the very value of the cookie",
            "session_data": "sealed by its own store (apps/accounts/session_store.py)",
        },
    ),
    "account.EmailAddress": Classified(
        internal="id user verified primary",
        personal="email",
        clear={"email": "letters go to it, and a sign-in looks it up in any case"},
        person="user",
    ),
    "account.EmailConfirmation": Classified(
        internal="id email_address created sent",
        secrets="key",
        clear={"key": "never filled: links are signed, not stored"},
        person="email_address__user",
    ),
    "mfa.Authenticator": Classified(
        internal="id user type created_at last_used_at",
        secrets="data",
        clear={"data": "the id of an encrypted row, or a passkey's public half and its name"},
        person="user",
    ),
    "usersessions.UserSession": Classified(
        internal="id user created_at last_seen_at",
        personal="ip user_agent",
        secrets="session_key data",
        clear={
            "ip": _SOON_GONE,
            "user_agent": _SOON_GONE,
            "session_key": "as in sessions.Session, which it leads to",
            "data": "never filled",
        },
        person="user",
    ),
    "admin.LogEntry": Classified(
        internal="id action_time user content_type object_id action_flag change_message",
        personal="object_repr",
        clear={"object_repr": "never filled: admin pages are recorded in the audit alone"},
        person="user",
    ),
    # Never filled: ID tokens are signed and sent, not stored (apps/oauth/id_tokens.py).
    "oauth2_provider.IDToken": Classified(
        internal="id user jti application expires scope created updated", person="user"
    ),
    "oauth2_provider.DeviceGrant": Classified(
        internal="id user scope interval expires status client_id last_checked",
        secrets="device_code user_code",
        clear=dict.fromkeys(("device_code", "user_code"), "never filled: no such grant is served"),
        person="user",
    ),
}
