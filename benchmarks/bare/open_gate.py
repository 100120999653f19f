"""A gate that stands open: everybody is the same agent, nobody is counted or refused."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from apps.access.credential import Credential, Kind
from apps.access.scopes import Scope
from apps.agencies.models import Agency
from apps.agencies.roles import Role


class OpenGate:
    """Sets `request.credential` without looking at the request."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.agent: Credential | None = None

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if self.agent is None:
            own = Agency.objects.get(name="Own")
            scopes = frozenset({Scope.WRITE})
            self.agent = Credential(Kind.TOKEN, agency_id=own.pk, role=Role.AGENT, scopes=scopes)
        request.credential = self.agent
        response = self.get_response(request)
        response["Content-Length"] = str(len(response.content))
        return response
