"""The gate of `/api`: who is calling, and may they ask again so soon?

One middleware, so that every answer below `/api` carries the same headers, 404 and 500 included.
It resolves the credential, charges the limits and looks for a penalty in one round trip, and
refuses in this order: malformed or exposed credential 400, bad or missing credential 401, limit or
penalty 429 (which comes first once it bites, so that guesses are not answered). What the caller may
do is asked later, by the endpoint.
"""

from collections.abc import Callable, Iterator
from urllib.parse import unquote_plus

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest, HttpResponse
from django.utils.module_loading import import_string

from apps.audit.recording import record
from apps.audit.verbs import Outcome, Verb
from apps.core.pages import API_PREFIX
from apps.core.problems import Code, Problem
from apps.ratelimits.headers import limit_headers
from apps.ratelimits.limiter import Decision, charge, strictest
from apps.ratelimits.notices import note
from apps.ratelimits.penalties import STRIKES

from .challenges import CredentialRefused, Reason, missing
from .charges import charges, subject
from .credential import ANONYMOUS, Credential
from .endpoint import Endpoint
from .operation import Limit
from .presented import holds_key, presented
from .versions import name_version, refuse_mismatch

_VARY = "Authorization, X-API-Key, Origin, Accept, API-Version"


class Gate:
    """Sets `request.credential`; `settings.CREDENTIAL_RESOLVERS` know the kinds of credential.

    `settings.EXPOSURE_WATCHERS` are handed a URL with a credential in it, return the rows of those
    that are real, and see to it that their owners are told.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.resolvers = [import_string(path) for path in settings.CREDENTIAL_RESOLVERS]
        self.watchers = [import_string(path) for path in settings.EXPOSURE_WATCHERS]

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path_info.startswith(API_PREFIX):
            return self.get_response(request)
        request.decisions = ()
        response = self.get_response(request)
        if not request.decisions:
            # No endpoint was reached (unknown path, preflight, bad host): still not free.
            response = self._unrouted(request, response)
        for name, value in limit_headers(request.decisions).items():
            response.headers.setdefault(name, value)
        # Whole, because what was patched in below (Origin, by CORS) is part of it.
        response.headers["Vary"] = _VARY
        name_version(request, response)
        return response

    def process_view(
        self, request: HttpRequest, view: Callable, _args: object, _kwargs: object
    ) -> HttpResponse | None:
        if not request.path_info.startswith(API_PREFIX):
            return None
        endpoint = getattr(view, "cls", None)
        if endpoint is None or not issubclass(endpoint, Endpoint):
            raise ImproperlyConfigured(f"{view} is below /api without being an Endpoint")
        try:
            request.credential = self._admit(request, endpoint)
        except Problem as refused:
            return refused.response()
        return None

    def _admit(self, request: HttpRequest, endpoint: type[Endpoint]) -> Credential:
        refused = None
        credential = ANONYMOUS
        try:
            credential = self._resolve(request)
        except Problem as problem:
            refused = problem
        if (
            not refused
            and credential.is_anonymous
            and not endpoint.admits_anonymous(request.method)
        ):
            refused = missing()
        operation = endpoint.operation_for(request.method)
        limit, cost = (operation.limit, operation.cost) if operation else (Limit.DEFAULT, 1)
        strikes = int(isinstance(refused, CredentialRefused))
        self._charge(request, credential, limit, cost, strikes)
        if refused:
            self._record(refused, request)
            raise refused
        refuse_mismatch(request)
        return credential

    def _resolve(self, request: HttpRequest) -> Credential:
        text = presented(request.META, _pairs(request))
        if text is None:
            return ANONYMOUS
        for resolve in self.resolvers:
            credential = resolve(text, request.address)
            if credential is not None:
                return credential
        raise CredentialRefused(Reason.UNKNOWN)

    def _charge(
        self,
        request: HttpRequest,
        credential: Credential,
        limit: Limit,
        cost: int = 1,
        strikes: int = 0,
    ) -> None:
        address = request.address
        verdict = charge(
            charges(credential, limit, address, cost), subject(credential, address, strikes)
        )
        request.decisions = verdict.decisions
        note(verdict, credential)
        _refuse_exhausted(verdict.decisions)

    def _unrouted(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        try:
            self._charge(request, ANONYMOUS, Limit.DEFAULT)
            if holds_key(_url(request)):
                exposed = Problem(Code.CREDENTIAL_EXPOSED)
                self._record(exposed, request)
                raise exposed
        except Problem as refused:
            return refused.response()
        return response

    def _record(self, refused: Problem, request: HttpRequest) -> None:
        """Audit a refused credential; a missing one is no attempt on anything."""
        if isinstance(refused, CredentialRefused):
            record(Verb.CREDENTIAL_REFUSED, refused, outcome=Outcome.REFUSED, reason=refused.reason)
        elif refused.code is Code.MALFORMED_CREDENTIAL:
            record(Verb.CREDENTIAL_REFUSED, ANONYMOUS, outcome=Outcome.REFUSED, reason=refused.code)
        elif refused.code is Code.CREDENTIAL_EXPOSED:
            known = [row for watch in self.watchers for row in watch(_url(request))]
            for row in known or [None]:
                record(
                    Verb.CREDENTIAL_EXPOSED,
                    ANONYMOUS,
                    row,
                    outcome=Outcome.REFUSED,
                    reason="in the URL",
                )


def _pairs(request: HttpRequest) -> Iterator[tuple[str, str]]:
    if not request.META.get("QUERY_STRING"):
        return
    for name, values in request.GET.lists():
        for value in values:
            yield name, value


def _refuse_exhausted(decisions: list[Decision]) -> None:
    if not all(decision.allowed for decision in decisions):
        penalized = strictest(decisions).policy is STRIKES
        raise Problem(Code.PENALIZED if penalized else Code.RATE_LIMITED)


def _url(request: HttpRequest) -> str:
    return f"{request.path_info}?{unquote_plus(request.META.get('QUERY_STRING', ''))}"
