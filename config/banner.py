"""What `make run` says when the service answers: where it is, who can sign in, what to try first.

The only place that shows the demo's passwords and keys, beside `seed_demo --json`.
"""

import json
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from config.environment import ROOT

_KEYS_OF = "manager@harbor.example.com"
_ADMIN = "admin@harbor.example.com"
#: Wide enough for every line: nothing that is to be copied may be cut or wrapped.
_WIDTH = 160
_NEW_LISTING = (
    '{"title": "Bungalow with a walled garden", "city": "Cañon City", "state_code": "CO", '
    '"street_address": "12 Royal Gorge Boulevard", "bedrooms": 3, '
    '"price": {"amount": "425000.00", "currency": "USD"}}'
)


def show(url: str, file: Path = ROOT / "var" / "demo.json") -> None:
    """Print it. `url`: where the service answers, without a path."""
    demo = json.loads(file.read_bytes())
    console = Console(highlight=False, soft_wrap=True, width=_WIDTH)
    console.print("\n[bold]Gatehouse is running.[/bold] Ctrl-C stops it.\n")
    console.print(f"  API        {url}/api/v2/")
    console.print(f"  Reference  {url}/docs/")
    console.print(f"  Account    {url}/accounts/   (open one: the link is printed here)")
    console.print(f"  Admin      {url}/admin/   (sign in as a platform_admin)\n")
    console.print(_people(demo["users"]))
    console.print("\nThey sign in with a second factor; the code of one of them, now:")
    console.print(f"  .venv/bin/python manage.py demo_code {_ADMIN}")
    keys = next(user["api_keys"] for user in demo["users"] if user["email"] == _KEYS_OF)
    console.print(f"\nAPI keys of {_KEYS_OF} (all others: var/demo.json)")
    for level in ("read", "write", "admin"):
        console.print(f"  {level:<6} {keys[level]}")
    console.print("\nThree requests to paste: list listings, create one, list your keys")
    for line in _requests(f"{url}/api/v2", keys):
        console.print(f"\n{line}", markup=False)
    console.print()
    console.file.flush()


def _people(users: list[dict[str, Any]]) -> Table:
    table = Table(title="Demo users", title_justify="left", title_style="bold", box=None)
    for column in ("email", "password", "role", "agency"):
        table.add_column(column, no_wrap=True)
    for user in users:
        table.add_row(user["email"], user["password"], user["role"], user["agency"])
    return table


def _requests(api: str, keys: dict[str, str]) -> list[str]:
    """They work any number of times: what they create is a draft, and nothing is used up."""
    return [
        f"curl '{api}/listings?state=CO&limit=2' -H 'Authorization: Bearer {keys['read']}'",
        f"curl {api}/listings -H 'Authorization: Bearer {keys['write']}' "
        f"-H 'Content-Type: application/json' -d '{_NEW_LISTING}'",
        f"curl {api}/api-keys -H 'Authorization: Bearer {keys['admin']}'",
    ]
