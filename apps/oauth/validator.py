"""What the library asks while it serves a grant, each answered in one place.

It stands on the bare validator of oauthlib and not on the toolkit's: what is not answered here
raises, so a method that checks a bearer, an ID token or a password cannot be reached by a setting.
Each request has its own validator, which knows the client that was authenticated before.
"""

from typing import Any

from django.conf import settings
from oauthlib.common import Request
from oauthlib.openid import RequestValidator

from . import codes, id_tokens, issuing, refreshing
from .grants import Grant
from .models import OAuthClient, TokenFamily
from .scopes import allowed, default_of, may_ask
from .sign_in import SignIn

ACCESS_TOKEN_SECONDS: int = settings.OAUTH2_PROVIDER["ACCESS_TOKEN_EXPIRE_SECONDS"]


class Validator(RequestValidator):
    """`client`: who was authenticated at the token endpoint; None at the authorize endpoint."""

    def __init__(self, client: OAuthClient | None = None) -> None:
        self.client = client

    # --- The client ---

    def client_authentication_required(self, request: Request, *_: Any, **__: Any) -> bool:
        return self.client is None or self.client.is_confidential

    def authenticate_client(self, request: Request, *_: Any, **__: Any) -> bool:
        request.client = self.client
        return self.client is not None and self.client.is_confidential

    def authenticate_client_id(self, client_id: str, request: Request, *_: Any, **__: Any) -> bool:
        request.client = self.client
        return self.client is not None and not self.client.is_confidential

    def validate_client_id(self, client_id: str, request: Request, *_: Any, **__: Any) -> bool:
        if "\0" in client_id:
            return False
        request.client = OAuthClient.objects.filter(client_id=client_id, is_active=True).first()
        return request.client is not None

    def validate_grant_type(
        self, client_id: str, grant_type: str, client: OAuthClient, request: Request
    ) -> bool:
        return client.allows_grant_type(grant_type)

    def validate_response_type(
        self, client_id: str, response_type: str, client: OAuthClient, request: Request
    ) -> bool:
        return response_type == "code" and client.allows_grant_type(Grant.AUTHORIZATION_CODE)

    # --- Redirects ---

    def validate_redirect_uri(
        self, client_id: str, redirect_uri: str, request: Request, *_: Any, **__: Any
    ) -> bool:
        return request.client.redirect_uri_allowed(redirect_uri)

    def get_default_redirect_uri(self, client_id: str, request: Request, *_: Any, **__: Any) -> str:
        return request.client.default_redirect_uri

    def confirm_redirect_uri(
        self,
        client_id: str,
        code: str,
        redirect_uri: str,
        client: OAuthClient,
        request: Request,
        *_: Any,
        **__: Any,
    ) -> bool:
        return redirect_uri == request.code_row.redirect_uri

    # --- Scopes ---

    def get_default_scopes(self, client_id: str, request: Request, *_: Any, **__: Any) -> list[str]:
        return default_of(request.client.scopes)

    def validate_scopes(
        self, client_id: str, scopes: list[str], client: OAuthClient, request: Request
    ) -> bool:
        alone = request.grant_type == Grant.CLIENT_CREDENTIALS
        return bool(scopes) and all(may_ask(client.scopes, scope, alone) for scope in scopes)

    def get_original_scopes(
        self, refresh_token: str, request: Request, *_: Any, **__: Any
    ) -> list[str]:
        return request.scopes

    def is_within_original_scope(
        self, request_scopes: list[str], refresh_token: str, request: Request, *_: Any, **__: Any
    ) -> bool:
        granted = allowed(request.client.scopes, request.family.scopes)
        return all(may_ask(granted, scope) for scope in request_scopes)

    def validate_user_match(self, *_: Any) -> bool:
        """Whom an `id_token_hint` means is decided before the code is made (steps.py)."""
        return True

    # --- Codes ---

    def is_pkce_required(self, client_id: str, request: Request) -> bool:
        return True

    def save_authorization_code(
        self, client_id: str, code: dict[str, str], request: Request, *_: Any, **__: Any
    ) -> None:
        codes.save(code["code"], request)

    def validate_code(
        self, client_id: str, code: str, client: OAuthClient, request: Request, *_: Any, **__: Any
    ) -> bool:
        return codes.take(code, request) and _carry_on(request, request.family)

    def get_code_challenge(self, code: str, request: Request) -> str:
        return request.code_row.code_challenge

    def get_code_challenge_method(self, code: str, request: Request) -> str:
        return request.code_row.code_challenge_method

    def invalidate_authorization_code(
        self, client_id: str, code: str, request: Request, *_: Any, **__: Any
    ) -> None:
        """It was marked as used when its tokens were written."""

    # --- Refresh tokens ---

    def validate_refresh_token(
        self, refresh_token: str, client: OAuthClient, request: Request, *_: Any, **__: Any
    ) -> bool:
        return refreshing.take(refresh_token, request) and _carry_on(request, request.family)

    def rotate_refresh_token(self, request: Request) -> bool:
        return True

    # --- What is issued ---

    def save_bearer_token(
        self, token: dict[str, object], request: Request, *_: Any, **__: Any
    ) -> None:
        issuing.issue(token, request)

    def get_authorization_code_nonce(
        self, client_id: str, code: str, redirect_uri: str, request: Request
    ) -> str | None:
        return request.code_row.nonce or None

    def get_id_token(self, token: dict[str, object], token_handler: Any, request: Request) -> None:
        """None: the library begins it, `finalize_id_token` completes it."""

    def finalize_id_token(
        self, id_token: dict[str, Any], token: dict[str, object], handler: Any, request: Request
    ) -> str:
        return id_tokens.signed(id_token, request)

    def is_origin_allowed(
        self, client_id: str, origin: str, request: Request, *_: Any, **__: Any
    ) -> bool:
        """No: the header is set on every answer, by the endpoint (endpoint.py)."""
        return False


def _carry_on(request: Request, family: TokenFamily) -> bool:
    """Put on the request what the family says; False where the client may ask for nothing of it."""
    request.user = family.user
    request.sign_in = SignIn(family.signed_in_at, tuple(family.methods))
    # Read anew: what was taken from the client since then is not given again.
    request.scopes = allowed(request.client.scopes, family.scopes)
    return bool(request.scopes)
