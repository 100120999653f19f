"""Who may make which key, by every path: the API, a page, the command line. Pure.

A credential never gives more than it has: no wider scopes, networks or tier (API5). A session is
its person, whom no scopes narrow. Admin scopes always need a person with a fresh second factor.
The command line may do all of it: whoever runs it holds the machine already.
"""

from collections.abc import Iterable
from datetime import datetime
from ipaddress import ip_network

from apps.access.credential import Credential, Kind, Tier
from apps.access.scopes import Scope, is_within
from apps.core.problems import Code, Problem

_RANK = {tier: rank for rank, tier in enumerate(Tier)}


def refuse_wider(
    by: Credential, scopes: Iterable[Scope], networks: Iterable[str], tier: Tier
) -> None:
    """Raises Problem `not_permitted` for rights that `by` does not have itself."""
    if by.kind in (Kind.COMMAND, Kind.SESSION):
        return
    if not is_within(scopes, by.scopes):
        raise Problem(Code.NOT_PERMITTED, "A key cannot be given scopes that its maker lacks.")
    if not is_inside(networks, by.networks):
        raise Problem(Code.NOT_PERMITTED, "A key cannot reach beyond the networks of its maker.")
    if _RANK[tier] > _RANK[by.tier]:
        raise Problem(Code.NOT_PERMITTED, "A key cannot be given a higher tier than its maker's.")


def refuse_admin(by: Credential, scopes: Iterable[Scope], now: datetime) -> None:
    """Raises Problem `second_factor_required` for an admin scope without a fresh second factor."""
    if by.kind is Kind.COMMAND or by.has_fresh_second_factor(now):
        return
    if any(scope.partition(":")[0] == "admin" for scope in scopes):
        raise Problem(
            Code.SECOND_FACTOR_REQUIRED,
            "Keys with an admin scope are made within ten minutes of proving a second factor, "
            "or with manage.py apikey create.",
        )


def refuse_longer(by: Credential, expires_at: datetime) -> None:
    """Raises Problem `not_permitted` for a key that outlives the key that makes it."""
    if by.kind is Kind.API_KEY and by.expires_at and expires_at > by.expires_at:
        raise Problem(Code.NOT_PERMITTED, "A key cannot outlive the key that makes it.")


def is_inside(networks: Iterable[str], allowed: Iterable[str]) -> bool:
    """Does every network lie in an allowed one? None at all, on either side, means anywhere."""
    wide, narrow = [[ip_network(text) for text in texts] for texts in (allowed, networks)]
    if not wide:
        return True
    return bool(narrow) and all(
        any(n.version == w.version and n.subnet_of(w) for w in wide) for n in narrow
    )
