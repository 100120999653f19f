"""The code that answers a consent: made by the library, over what was read and decided here."""

from urllib.parse import parse_qs, urlencode, urlsplit

from django.conf import settings
from oauthlib.oauth2 import FatalClientError

from apps.accounts.models import User

from .answers import Error, Refused, Unanswerable
from .asked import Asked
from .server import Server
from .sign_in import SignIn


def grant(asked: Asked, user: User, sign_in: SignIn) -> str:
    """Where to send the browser, with a code.

    Raises Refused or Unanswerable where the library, which looks once more, does not agree.
    """
    try:
        headers, _, _ = Server().create_authorization_response(
            f"{settings.OAUTH_ISSUER}/oauth/authorize?{_plain(asked)}",
            scopes=list(asked.scopes),
            credentials={"user": user, "sign_in": sign_in},
        )
    except FatalClientError:
        raise Unanswerable("The application has changed in the meantime.") from None
    answer = parse_qs(urlsplit(headers["Location"]).query)
    if "code" not in answer:
        raise Refused(asked.back, Error.INVALID_REQUEST, "The request was not taken")
    return asked.back.with_code(answer["code"][-1])


def _plain(asked: Asked) -> str:
    """The request as it was understood: the library reads this and never what a browser sent."""
    pairs = {
        "response_type": "code",
        "client_id": asked.client.client_id,
        "redirect_uri": asked.back.redirect_uri,
        "scope": " ".join(asked.scopes),
        "code_challenge": asked.code_challenge,
        "code_challenge_method": "S256",
        "resource": asked.resources,
    }
    if asked.nonce:
        pairs["nonce"] = asked.nonce
    return urlencode(pairs, doseq=True)
