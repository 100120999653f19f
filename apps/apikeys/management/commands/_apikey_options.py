"""What `manage.py apikey` takes: one action, and its options."""

from argparse import ArgumentParser, ArgumentTypeError
from ipaddress import ip_network

from apps.access.credential import Tier
from apps.access.scopes import Scope
from apps.apikeys.lifecycle import DEFAULT_LIFETIME


def add_actions(parser: ArgumentParser) -> None:
    """The actions, each with its own options."""
    actions = parser.add_subparsers(dest="action", required=True)
    create = actions.add_parser("create", help="make a key and print it, once")
    create.add_argument("--user", required=True, metavar="EMAIL")
    create.add_argument("--scope", required=True, nargs="+", choices=sorted(Scope))
    create.add_argument("--name", required=True)
    create.add_argument("--days", type=int, default=DEFAULT_LIFETIME.days)
    create.add_argument("--network", nargs="+", type=network, default=[], metavar="CIDR")
    create.add_argument("--tier", choices=sorted(Tier), default=str(Tier.FREE))

    edit = _on_key(actions, "edit", "rename or narrow a key; it never gets wider")
    edit.add_argument("--name")
    edit.add_argument("--scope", nargs="+", choices=sorted(Scope))
    edit.add_argument("--network", nargs="+", type=network, metavar="CIDR")
    edit.add_argument("--days", type=int, help="days from now on")

    rotate = _on_key(actions, "rotate", "make a key's successor and print it, once")
    rotate.add_argument("--overlap", type=int, metavar="SECONDS", help="0 to 86400; 3600")
    rotate.add_argument("--compromised", action="store_true", help="end the old key at once")

    _on_key(actions, "show", "show a key and what it is used for")
    _on_key(actions, "revoke", "end a key at once")
    _on_key(actions, "leaked", "end a key at once as leaked, and tell its owner")
    for name, help_text in (
        ("list", "show the keys of a user, or all"),
        ("stale", "live keys that are unused, old, about to end or too wide, and why"),
    ):
        actions.add_parser(name, help=help_text).add_argument("--user", metavar="EMAIL")
    actions.add_parser("peppers", help="how many keys rest on which pepper: when one can go")


def network(text: str) -> str:
    """A CIDR block, v4 or v6."""
    try:
        return str(ip_network(text))
    except ValueError:
        raise ArgumentTypeError("no network in CIDR form, such as 203.0.113.0/24") from None


def prefix_parts(text: str) -> tuple[str, str]:
    """Mode and public id of `gh_test_4fTq81XcVm0Z`; nothing for anything else."""
    parts = text.split("_")
    return (parts[1], parts[2]) if len(parts) == 3 and parts[0] == "gh" else ("", "")


def _on_key(actions: object, name: str, help_text: str) -> ArgumentParser:
    parser = actions.add_parser(name, help=help_text)
    parser.add_argument("prefix", help="the key's prefix, such as gh_live_…")
    return parser
