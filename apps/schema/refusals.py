"""With which codes can an operation be refused? Read off its declaration, in the contract's order.

What the domain refuses follows rules as well: an act on the state of an object may meet a state
that does not allow it, and what hands out rights of an admin scope may ask for more than the scope.
"""

from collections.abc import Iterator

from apps.access.operation import Idempotency
from apps.agencies.roles import EVERYONE
from apps.core.data_classes import DataClass
from apps.core.problems import CATALOGUE, Code

from .served import Served


def refusals(served: Served) -> dict[int, list[Code]]:
    """Every code that this operation may answer, by status; statuses ascend."""
    found: dict[int, list[Code]] = {}
    for code in dict.fromkeys(_codes(served)):
        found.setdefault(CATALOGUE[code].status, []).append(code)
    for code in _challenges(served):
        found.setdefault(401, []).append(code)
    return dict(sorted(found.items()))


def _codes(served: Served) -> Iterator[Code]:
    yield from _at_the_gate(served)
    yield from _of_the_caller(served)
    yield Code.NOT_ACCEPTABLE
    if served.has_body:
        yield from (Code.LENGTH_REQUIRED, Code.PAYLOAD_TOO_LARGE, Code.UNSUPPORTED_MEDIA_TYPE)
    if served.may_miss:
        yield Code.NOT_FOUND
    yield from _of_the_request(served)
    yield from _of_the_state(served)
    yield Code.INTERNAL_ERROR


def _at_the_gate(served: Served) -> Iterator[Code]:
    yield from (Code.MALFORMED_CREDENTIAL, Code.CREDENTIAL_EXPOSED)
    if not served.operation.anonymous:
        yield Code.CREDENTIALS_MISSING
    # A bad credential is refused even where none is needed.
    yield Code.CREDENTIALS_INVALID
    yield from (Code.RATE_LIMITED, Code.PENALIZED)
    yield Code.VERSION_UNSUPPORTED
    if served.is_deprecated:
        yield Code.VERSION_GONE


def _of_the_caller(served: Served) -> Iterator[Code]:
    operation = served.operation
    yield Code.BROWSER_KEY
    if operation.scope is not None:
        yield Code.INSUFFICIENT_SCOPE
    if operation.roles != EVERYONE or operation.permits is not None or operation.for_people:
        yield Code.NOT_PERMITTED
    if operation.second_factor:
        yield Code.SECOND_FACTOR_REQUIRED
    if _hands_out(served):
        # Rights reach no further than those of who hands them out, and some need a second factor.
        yield Code.NOT_PERMITTED
        if not served.ids:
            yield Code.SECOND_FACTOR_REQUIRED


def _challenges(served: Served) -> Iterator[Code]:
    """What a token is answered with 401, where a key is answered with the code's own status."""
    if served.operation.second_factor:
        yield Code.SECOND_FACTOR_REQUIRED


def _of_the_request(served: Served) -> Iterator[Code]:
    operation = served.operation
    if operation.idempotency is Idempotency.DEMANDED:
        yield Code.IDEMPOTENCY_KEY_REQUIRED
    if operation.if_match:
        yield Code.PRECONDITION_REQUIRED
    if operation.if_match or (served.has_tag and served.method != "GET"):
        yield Code.PRECONDITION_FAILED
    # Unknown query parameters are refused on every route.
    yield Code.VALIDATION_FAILED
    if served.has_body:
        yield Code.MALFORMED_BODY
    changes = served.has_tag and served.method in ("PUT", "PATCH")
    if changes and operation.exposes is DataClass.PERSONAL:
        # What was shown masked may be sent back with the change.
        yield Code.MASKED_VALUE


def _of_the_state(served: Served) -> Iterator[Code]:
    operation = served.operation
    if operation.idempotency:
        # What must not be done twice may have been done already.
        yield from (Code.REQUEST_IN_PROGRESS, Code.IDEMPOTENCY_KEY_REUSED, Code.CONFLICT)
    acts = served.has_body and not served.takes_input
    changes = served.has_tag and served.method in ("PATCH", "DELETE")
    if served.ids and (acts or changes or _hands_out(served)):
        yield Code.CONFLICT


def _hands_out(served: Served) -> bool:
    """Does it hand out rights, or change what was handed out?"""
    scope = served.operation.scope
    hands_out = scope and scope.startswith("admin") and served.takes_input
    return bool(hands_out and not served.operation.second_factor)
