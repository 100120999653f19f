"""Input (API8, API4): names, texts and terms that mean something to whatever stands behind."""

from collections.abc import Iterator
from urllib.parse import urlencode
from uuid import uuid4

from apps.workshop.attempts import Attempt, HonestUseBroken, judged, refused, works
from apps.workshop.run import Run
from apps.workshop.target import Answer

from .fresh import KEYS, NEW_LISTING, ids_of

_CONTROLS = {
    "NUL": "\x00",
    "an escape sequence": "\x1b[2J",
    "a header break": "\r\nSet-Cookie: a=b",
    "a right-to-left override": "\u202e",
    "an invisible space": "\u200b",
    "a line separator": "\u2028",
    "a byte order mark": "\ufeff",
    "a private character": "\ue000",
}
_PAYLOADS = {
    "SQL": (
        "'; DROP TABLE listings_listing; --",
        "x' OR 1=1 --",
        'x" UNION SELECT password FROM accounts_user --',
        "%' ESCAPE '!",
    ),
    "script": ("<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "javascript:a()"),
    "template": ("{{7*7}}", "${7*7}", "#{7*7}", "<%= 7*7 %>"),
    "path": ("../../etc/passwd", "..\\..\\windows", "%2e%2e%2f", "/etc/passwd"),
    "command": ("$(id)", "`id`", "; cat /etc/passwd", "| id"),
    "query language": ('{"$ne": null}', "*)(uid=*", "=HYPERLINK(0)", "%s%n"),
}


def unknown_parameters(run: Run) -> Iterator[Attempt]:
    """Guess at parameters: what is dropped in silence hides a filter that never filtered."""
    caller = run.caller("buyer")
    for path in (
        "listings?status=draft",
        "listings?agency=00000000-0000-0000-0000-000000000000",
        "listings?fields=reserve_price",
        "listings?City=Ca%C3%B1on%20City",
        "me?role=platform_admin",
        f"listings/{run.demo['listing_id']}?expand=agency",
    ):
        yield refused(path.partition("?")[2], caller.get(path), 400, "validation_failed")


def repeated_parameters(run: Run) -> Iterator[Attempt]:
    """Let a filter in front check the first of two, and the service take the second."""
    caller = run.caller("buyer")
    for query in (
        "limit=1&limit=100",
        "ordering=price&ordering=-price",
        "city=Pueblo&city=Durango",
        "min_price=1&min_price=1",
    ):
        yield refused(query, caller.get(f"listings?{query}"), 400, "validation_failed")


def control_characters(run: Run) -> Iterator[Attempt]:
    """Put what no keyboard writes into texts that people and terminals will be shown."""
    agent = run.caller("agent")
    for name, text in _CONTROLS.items():
        answer = agent.post("listings", {**NEW_LISTING, "title": f"A house{text} for you"})
        yield refused(f"{name} in a line", answer, 400, "validation_failed")
    for name in ("NUL", "an escape sequence", "a right-to-left override"):
        answer = agent.post("listings", {**NEW_LISTING, "description": f"Quiet{_CONTROLS[name]}"})
        yield refused(f"{name} in prose", answer, 400, "validation_failed")


def echoed_values(run: Run) -> Iterator[Attempt]:
    """Have a wrong value repeated, in an answer that logs and screens will hold on to."""
    agent, buyer = run.caller("agent"), run.caller("buyer")
    secret = f"jacaranda-{uuid4().hex}"
    query = f"listings?{urlencode({'state': secret, 'city': f'{secret}7', 'limit': secret})}"
    for what, answer in (
        ("in a text", agent.post("listings", {**NEW_LISTING, "title": f"{secret}\x00"})),
        ("in a number", agent.post("listings", {**NEW_LISTING, "bedrooms": secret})),
        ("in an amount", agent.post("listings", {**NEW_LISTING, "price": {"amount": secret}})),
        ("in an object's place", agent.post("listings", {**NEW_LISTING, "price": [secret]})),
        ("in a query", buyer.get(query)),
        ("in a profile", buyer.patch("buyer-profile", {"phone": f"{secret}_"}, If_Match="*")),
        ("in the scopes of a key", buyer.post(KEYS, {"name": "a", "scopes": [secret]})),
    ):
        echoed = secret.encode() in answer.body
        yield judged(
            f"a wrong value {what}",
            stopped=(answer.status, answer.code) == (400, "validation_failed") and not echoed,
            succeeded=echoed,
            evidence=f"{answer.summary}, {'repeated' if echoed else 'not repeated'}",
        )


def every_fault_named(run: Run) -> None:
    """Every fault of a body is named at once, by its place."""
    faults = {"title": "", "bedrooms": -1, "price": "x", "state_code": "ZZ"}
    answer = works(run.caller("agent").post("listings", {**NEW_LISTING, **faults}), 400).json
    named = {error["pointer"] for error in answer["errors"]}
    if named != {f"/{run.version.word(name)}" for name in faults}:
        raise HonestUseBroken("not every fault is named")


def payloads_in_a_city(run: Run) -> Iterator[Attempt]:
    """Store and search every classic payload as the name of a city."""
    agent, buyer = run.caller("agent"), run.caller("buyer")
    for kind, payloads in _PAYLOADS.items():
        for payload in payloads:
            stored = agent.post("listings", {**NEW_LISTING, "city": payload})
            yield refused(f"{kind}: store {payload}", stored, 400, "validation_failed")
            found = buyer.get(f"listings?{urlencode({'city': payload})}")
            yield refused(f"{kind}: search {payload}", found, 400, "validation_failed")


def city_that_is_sql(run: Run) -> Iterator[Attempt]:
    """SQL out of letters, spaces and apostrophes, which the names of cities do have."""
    caller = run.caller("buyer")
    for city in (
        "Nowhere' OR 'a' LIKE 'a",
        "Nowhere' OR id IS NOT NULL OR 'a' LIKE 'b",
        "Nowhere' OR title LIKE title OR 'a' LIKE 'b",
    ):
        answer = caller.get(f"listings?{urlencode({'city': city})}")
        rows = ids_of(answer.json)
        yield judged(
            f"search {city}",
            stopped=answer.status == 200 and not rows,
            succeeded=bool(rows) or answer.status == 500,
            evidence=f"{answer.summary}, {len(rows)} rows",
        )


def hidden_ordering(run: Run) -> Iterator[Attempt]:
    """Sort by what is not shown, and read the values off the order."""
    for name in (
        "reserve_price",
        "-reserve_price",
        "street_address",
        "agency__name",
        "agency__memberships__user__email",
        "version",
        "?",
    ):
        answer = run.caller("buyer").get(f"listings?{urlencode({'ordering': name})}")
        yield refused(f"ordering={name}", answer, 400, "validation_failed")


def endless_pages(run: Run) -> Iterator[Attempt]:
    """Take everything in one page."""
    for limit in ("101", "1000000", "0", "-1", "1e3", "٥٠"):
        for path in ("listings", "offers"):
            answer = run.caller("buyer").get(f"{path}?{urlencode({'limit': limit})}")
            yield refused(f"{path}: limit={limit}", answer, 400, "validation_failed")


def ordinary_text(run: Run) -> None:
    """Texts as people write them are taken and come back."""
    texts = {"city": "Coeur d'Alene", "title": "Casa de Ñuñez, 2½ baths", "description": "A.\nB."}
    made = works(run.caller("agent").post("listings", {**NEW_LISTING, **texts}), 201).json
    if {name: made[run.version.word(name)] for name in texts} != texts:
        raise HonestUseBroken("a text came back changed")


def ordinary_search(run: Run) -> None:
    """A listing is found by its city, state and price, in pages of up to 100."""
    caller = run.caller("buyer")
    wanted = works(caller.get(f"listings/{run.demo['listing_id']}")).json
    terms = {
        "city": wanted["city"].upper(),
        "state": wanted[run.version.word("state_code")],
        "min_price": run.version.amount(wanted["price"]),
        "max_price": run.version.amount(wanted["price"]),
        "ordering": "-price",
        "limit": 100,
    }
    found: Answer = works(caller.get(f"listings?{urlencode(terms)}"))
    if wanted["id"] not in ids_of(found.json):
        raise HonestUseBroken("a listing is not found by its own terms")
