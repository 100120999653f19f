"""The one kind of view below `/api`, and the order in which it refuses.

After the gate: method 405, scope or role 403, second factor 403 (a token: 401), acceptable 406,
body too large 413 (or without a length 411), media type 415, object not visible 404, visible but
not permitted 403, idempotency key 400, precondition 428 or 412, input 400; then the handler, which
may answer 409.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest, HttpResponse
from rest_framework.authentication import BaseAuthentication
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.views import APIView

from apps.audit.recording import record
from apps.audit.verbs import Outcome, Verb
from apps.core import body_guard, strict_json
from apps.core.answers import not_modified
from apps.core.data_classes import CACHE_CONTROL
from apps.core.inputs import Body, NoBody, NoQuery
from apps.core.preconditions import is_unchanged, require_match
from apps.core.problems import Code, Problem
from apps.idempotency.once import has_key, once, required_key

from . import refused_input
from .challenges import insufficient, second_factor_missing
from .credential import Credential, Kind
from .operation import Idempotency, Operation
from .owner import owner_of

_METHODS = ("get", "post", "put", "patch", "delete")
_BODY_METHODS = frozenset({"POST", "PUT", "PATCH"})
_REFUSALS = frozenset(
    {
        Code.INSUFFICIENT_SCOPE,
        Code.NOT_PERMITTED,
        Code.BROWSER_KEY,
        Code.SECOND_FACTOR_REQUIRED,
    }
)


@dataclass(frozen=True, slots=True)
class Call:
    """What a handler is handed: everything checked, nothing left to ask."""

    request: HttpRequest
    credential: Credential
    target: Any
    query: Any
    body: Any


class FromGate(BaseAuthentication):
    """Hands DRF what the gate found."""

    def authenticate(self, request: Request) -> tuple[object, Credential]:
        credential = request._request.credential
        return owner_of(credential), credential


class Declared(BasePermission):
    """Asks the credential for what the operation declares."""

    def has_permission(self, request: Request, view: "Endpoint") -> bool:
        operation = view.operation_for(request.method)
        if operation is None:
            return False
        credential: Credential = request.auth
        if credential.is_anonymous:
            return operation.anonymous
        if credential.kind is Kind.API_KEY and _from_browser(request.META):
            raise Problem(Code.BROWSER_KEY)
        if operation.scope and not credential.allows(operation.scope):
            raise insufficient(operation.scope)
        if credential.role not in operation.roles:
            return False
        if operation.for_people and credential.user_id is None:
            return False
        if operation.second_factor and not credential.has_fresh_second_factor(datetime.now(UTC)):
            raise second_factor_missing(credential)
        return True


def _from_browser(meta: dict[str, str]) -> bool:
    # Only browsers send these, and a page cannot keep them from being sent.
    return "HTTP_ORIGIN" in meta or "HTTP_SEC_FETCH_SITE" in meta


def _idempotency_key(operation: Operation, request: HttpRequest) -> str | None:
    if operation.idempotency is None:
        return None
    if operation.idempotency is Idempotency.HONOURED and not has_key(request.META):
        return None
    return required_key(request.META)


def _states_a_precondition(request: HttpRequest) -> bool:
    # Demanded or not, a caller who says what they have seen is never overruled.
    return "HTTP_IF_MATCH" in request.META and request.method not in ("GET", "HEAD")


class Endpoint(APIView):
    """Base of every API view. Subclasses declare handlers with `@operation`, and `find`."""

    authentication_classes = (FromGate,)
    permission_classes = (Declared,)
    parser_classes = ()
    default_response_headers: dict[str, str] = {}
    http_method_names = [*_METHODS, "head", "options"]

    def __init_subclass__(cls, **kwargs: object) -> None:
        super().__init_subclass__(**kwargs)
        for method in _METHODS:
            handler = getattr(cls, method, None)
            if handler is not None and not hasattr(handler, "operation"):
                raise ImproperlyConfigured(f"{cls.__name__}.{method} declares no operation")

    @classmethod
    def operations(cls) -> dict[str, Operation]:
        """Every declared operation by its method, upper case."""
        return {
            method.upper(): getattr(cls, method).operation
            for method in _METHODS
            if hasattr(getattr(cls, method, None), "operation")
        }

    @classmethod
    def operation_for(cls, method: str) -> Operation | None:
        """The operation of this method; HEAD is GET without the body."""
        name = "get" if method == "HEAD" else method.lower()
        return getattr(getattr(cls, name, None), "operation", None)

    @classmethod
    def admits_anonymous(cls, method: str) -> bool:
        """May a caller without a credential get past the gate?"""
        operation = cls.operation_for(method)
        if operation is not None:
            return operation.anonymous
        return method == "OPTIONS" or any(o.anonymous for o in cls.operations().values())

    def find(self, credential: Credential, **ids: Any) -> Any:
        """The object of this route, cut from what is visible. Raises Problem `not_found`."""
        raise Problem(Code.NOT_FOUND)

    def etag(self, credential: Credential, target: Any) -> str | None:
        """The strong entity tag of what this caller sees of the object, if it has one."""
        return None

    def options(self, request: Request, **_: Any) -> HttpResponse:
        response = HttpResponse(status=204, headers={"Allow": self._allow()})
        del response["Content-Type"]
        return response

    def initial(self, request: Request, **_: Any) -> None:
        operation = self.operation_for(request.method)
        if request.method == "OPTIONS":
            return
        if operation is None:
            raise Problem(Code.METHOD_NOT_ALLOWED, headers={"Allow": self._allow()})
        self.perform_authentication(request)
        self.check_permissions(request)
        body_guard.refuse_unacceptable(request.META)
        if request.method in _BODY_METHODS:
            body_guard.refuse_unreadable(request.META)

    def permission_denied(self, request: Request, message: Any = None, code: Any = None) -> None:
        raise Problem(Code.NOT_PERMITTED)

    def serve(
        self, operation: Operation, handler: Callable, request: Request, ids: dict[str, Any]
    ) -> HttpResponse:
        """The rest of the order of refusal, then the handler."""
        http, credential = request._request, request.auth
        target = self.find(credential, **ids) if ids else self.find_own(credential, request.method)
        if operation.permits and not operation.permits(credential, target):
            raise Problem(Code.NOT_PERMITTED)
        key = _idempotency_key(operation, http)
        etag = self.etag(credential, target)
        if operation.if_match or (etag and _states_a_precondition(http)):
            require_match(http, etag)
        query = (operation.query or NoQuery).read(http.GET)
        body = self._body(operation, http)
        call = Call(http, credential, target, query, body)
        if key:
            response = once(credential.name, http, key, lambda: handler(self, call))
        elif etag and request.method in ("GET", "HEAD") and is_unchanged(http, etag):
            response = not_modified()
        else:
            response = handler(self, call)
        return self._finish(operation, response, etag)

    def find_own(self, credential: Credential, method: str) -> Any:
        """The object of a route without an id, such as the caller's profile; None for lists."""
        return None

    def _body(self, operation: Operation, request: HttpRequest) -> Body | None:
        if request.method not in _BODY_METHODS:
            return None
        declared = operation.body or NoBody
        if not request.body and request.method == "POST" and declared.demands_nothing():
            return declared()
        try:
            value = strict_json.loads(request.body)
        except strict_json.MalformedJson as refused:
            raise Problem(Code.MALFORMED_BODY, f"{str(refused).capitalize()}.") from None
        known = frozenset(operation.returns.model_fields if operation.returns else ())
        return declared.read(value, known)

    def _finish(
        self, operation: Operation, response: HttpResponse, etag: str | None
    ) -> HttpResponse:
        response.headers.setdefault("Cache-Control", CACHE_CONTROL[operation.exposes])
        if etag and response.status_code in (200, 304):
            response.headers.setdefault("ETag", etag)
        return response

    def handle_exception(self, exc: Exception) -> HttpResponse:
        if isinstance(exc, Problem) and exc.code in _REFUSALS:
            record(
                Verb.ACCESS_REFUSED,
                self.request.auth,
                outcome=Outcome.REFUSED,
                reason=exc.code,
            )
        if isinstance(exc, Problem) and exc.code in refused_input.CODES:
            refused_input.record_refused(exc, self.request.auth, self.request._request.address)
        return super().handle_exception(exc)

    def _allow(self) -> str:
        return ", ".join([*self.operations(), "OPTIONS"])
