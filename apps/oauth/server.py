"""The server, put together of the three grants and of nothing else.

Implicit, hybrid, password and device grants and PKCE's `plain` are not switched off here: they are
not there. What asks for them meets the error of its RFC.
"""

import re
from typing import Any

from oauthlib.common import Request
from oauthlib.oauth2.rfc6749 import errors
from oauthlib.oauth2.rfc6749.endpoints import AuthorizationEndpoint, TokenEndpoint
from oauthlib.oauth2.rfc6749.grant_types import (
    AuthorizationCodeGrant,
    ClientCredentialsGrant,
    RefreshTokenGrant,
)
from oauthlib.oauth2.rfc6749.grant_types.authorization_code import code_challenge_method_s256
from oauthlib.oauth2.rfc6749.tokens import BearerToken
from oauthlib.openid.connect.core.grant_types import (
    AuthorizationCodeGrant as OpenIDCodeGrant,
)

from . import token_format
from .grants import Grant
from .resources import choose, refuse_unregistered
from .token_format import Kind
from .validator import ACCESS_TOKEN_SECONDS, Validator

_CODE = "code"
_CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}", re.ASCII)  # SHA-256 in base64url (RFC 7636 4.2)
_LONGEST_NONCE = 255


class CodeGrant(AuthorizationCodeGrant):
    """Codes of our form, bound to a SHA-256 challenge."""

    default_response_mode = "query"
    _code_challenge_methods = {"S256": code_challenge_method_s256}

    def create_authorization_code(self, request: Request) -> dict[str, str]:
        grant = {"code": token_format.generate(Kind.CODE)}
        if request.state:
            grant["state"] = request.state
        return grant


class OpaqueTokens(BearerToken):
    """Tokens of our form; a refresh token only for clients that are registered for one."""

    def __init__(self, validator: Validator) -> None:
        super().__init__(
            validator,
            token_generator=lambda _: token_format.generate(Kind.ACCESS_TOKEN),
            expires_in=ACCESS_TOKEN_SECONDS,
            refresh_token_generator=lambda _: token_format.generate(Kind.REFRESH_TOKEN),
        )

    def create_token(self, request: Request, refresh_token: bool = False, **kwargs: Any) -> dict:
        refresh_token = refresh_token and Grant.REFRESH_TOKEN in request.client.grants
        return super().create_token(request, refresh_token, **kwargs)


class Server(AuthorizationEndpoint, TokenEndpoint):
    """Authorize and token. Revocation and introspection need no grants: see their own files."""

    def __init__(self, validator: Validator | None = None, *_: Any, **__: Any) -> None:
        validator = validator or Validator()
        code = OpenIDCodeGrant(validator)
        code.proxy_target = CodeGrant(
            validator,
            pre_auth=[_refuse_other_than_code],
            post_auth=[refuse_unregistered, code.openid_authorization_validator],
            post_token=[choose],
        )
        code.register_token_modifier(code.add_id_token)
        tokens = OpaqueTokens(validator)
        AuthorizationEndpoint.__init__(
            self,
            default_response_type=_CODE,
            response_types={_CODE: code},
            default_token_type=tokens,
        )
        TokenEndpoint.__init__(
            self,
            default_grant_type=Grant.AUTHORIZATION_CODE,
            grant_types={
                Grant.AUTHORIZATION_CODE: code,
                Grant.REFRESH_TOKEN: RefreshTokenGrant(validator, post_token=[choose]),
                Grant.CLIENT_CREDENTIALS: ClientCredentialsGrant(validator, post_token=[choose]),
            },
            default_token_type=tokens,
        )
        self.request_validator = validator

    def validate_token_request(self, request: Request) -> None:
        """Raises OAuth2Error before any grant is asked."""
        super().validate_token_request(request)
        if not request.grant_type:
            raise errors.InvalidRequestError("Missing grant_type parameter.", request=request)
        if request.grant_type not in self.grant_types:
            raise errors.UnsupportedGrantTypeError(request=request)


def _refuse_other_than_code(request: Request) -> dict[str, Any]:
    """What the library takes on trust, or would only find when it is written."""
    if request.response_type and request.response_type != _CODE:
        raise errors.UnsupportedResponseTypeError(request=request)
    challenge = request.code_challenge
    if challenge is not None and not _CHALLENGE.fullmatch(challenge):
        raise errors.InvalidRequestError("code_challenge is a SHA-256.", request=request)
    if request.response_mode not in (None, "query"):
        raise errors.InvalidRequestError("response_mode is query.", request=request)
    nonce = request.nonce or ""
    if len(nonce) > _LONGEST_NONCE or not nonce.isprintable():
        raise errors.InvalidRequestError("nonce is no plain text.", request=request)
    return {}
