"""Rows of Gatehouse, and an agent's key to ask for them with."""

from apps.access.credential import COMMAND_LINE, Tier
from apps.access.scopes import Scope
from apps.accounts.models import User
from apps.agencies.models import Agency
from apps.agencies.roles import Role
from apps.apikeys import lifecycle
from apps.listings.models import Listing
from benchmarks.homes import Home
from benchmarks.target import Ask, Target

_PATH = "/api/v2/listings"


def seed(homes: list[Home]) -> Target:
    """Half of the homes are another agency's, as in every stack; the newest are the own one's."""
    own, other = (Agency.objects.create(name=name) for name in ("Own", "Other"))
    half = len(homes) // 2
    for agency, some in ((other, homes[:half]), (own, homes[half:])):
        Listing.objects.bulk_create(Listing(agency=agency, **home._asdict()) for home in some)
    newest = Listing.objects.latest("created_at")
    return Target(
        detail=Ask("GET", f"{_PATH}/{newest.pk}"),
        page=Ask("GET", _PATH),
        post=Ask("POST", _PATH, _body(homes[0])),
        authorization=f"Bearer {agents_key(own)}",
    )


def agents_key(agency: Agency) -> str:
    """The text of a key that may read and write listings, of an agent of this agency."""
    agent = User.objects.create_user("agent@example.com", role=Role.AGENT, agency=agency)
    _, text = lifecycle.create(
        COMMAND_LINE,
        user_id=agent.pk,
        name="benchmark",
        scopes=[Scope.WRITE],
        tier=Tier.INTERNAL,
    )
    return text


def _body(home: Home) -> dict[str, object]:
    body = home._asdict()
    del body["status"]  # a new listing is a draft, whatever its maker says
    for name in ("price", "reserve_price"):
        body[name] = {"amount": f"{body[name]:.2f}", "currency": "USD"}
    return body
