"""What the running request is, for audit rows and log lines written deep inside the domain.

Set once by the outermost middleware and read only by `audit.record` and the log formatter.
Decisions never read it: whoever decides is handed a Credential.
"""

from contextvars import ContextVar
from dataclasses import dataclass


@dataclass(slots=True)
class RequestFacts:
    """Identity of one request. `route` is the URL template, empty until the URL was resolved."""

    request_id: str = ""
    address: str = ""
    method: str = ""
    route: str = ""


#: Outside a request (commands, the worker) this holds empty facts.
current_request: ContextVar[RequestFacts] = ContextVar("current_request", default=RequestFacts())  # noqa: B039 (never mutated in place as a default)
