"""The world of the matrix: one agency of ours, one rival, every role, and keys of every width."""

from django.conf import settings

from apps.access.credential import COMMAND_LINE
from apps.accounts.models import User
from apps.agencies.models import Agency
from apps.agencies.roles import Role
from apps.apikeys import lifecycle
from apps.apikeys.models import ApiKey
from apps.audit.models import AuditLeaf
from apps.audit.sealing import seal
from apps.listings.models import Status
from tests import tokens, world
from tests.api import Api
from tests.oauth import asking


class Principal:
    """A column: a caller and the key it sends (None: anonymous)."""

    def __init__(
        self, user: User | None, row: ApiKey | None, key: str | None, of: Agency | None = None
    ) -> None:
        self.user = user
        self.row = row
        self.agency_id = (
            of.pk if of else getattr(getattr(user, "membership", None), "agency_id", None)
        )
        self.api = Api(key)


class World:
    """Everything that the recipes speak of. Built once; each cell runs in its own savepoint."""

    def __init__(self) -> None:
        ours, theirs = world.agency("Ours"), world.agency("Theirs")
        people = {
            "buyer": world.person(Role.BUYER),
            "agent": world.person(Role.AGENT, ours),
            "manager": world.person(Role.MANAGER, ours),
            "auditor": world.person(Role.AUDITOR),
            "admin": world.person(Role.PLATFORM_ADMIN),
            "rival": world.person(Role.MANAGER, theirs),
            "buyer2": world.person(Role.BUYER),
        }
        for user in people.values():
            world.profile(user)
        self.draft = world.listing(ours, Status.DRAFT)
        self.published = world.listing(ours)
        self.untouched = world.listing(ours)
        self.offer = world.offer(self.published, people["buyer"])
        self.principals = {"anon": Principal(None, None, None)}
        for name, user in people.items():
            self.principals[name] = _principal(user, "admin")
        for name, owner, scope in NARROW:
            self.principals[name] = _principal(people[owner], scope)
        self.principals |= {name: _principal(people["manager"], "admin") for name in DEAD}
        world.expired(self.principals["expired"].row)
        lifecycle.revoke(COMMAND_LINE, self.principals["revoked"].row)
        leaver = world.person(Role.MANAGER, ours, is_active=False)
        self.principals["inactive"] = _principal(leaver, "admin")
        self.principals["a.token"] = Principal(
            people["admin"], None, tokens.token(people["admin"], "admin")
        )
        self.app = asking.client()
        self.foreign_app = asking.connected(world.person(), self.app)
        for name, role, of in (("s.buyer", Role.BUYER, None), ("s.mgr", Role.MANAGER, ours)):
            self.principals[name] = Principal(None, None, tokens.own(role=role, agency=of), of)
        self.foreign_key = world.key_row(world.person(), "admin")[0]
        settings.AUDIT_CHECKPOINTS.unlink(missing_ok=True)
        seal()
        self.sealed = AuditLeaf.objects.get(position=0)


#: Column, owner and the one scope of its key.
NARROW = (
    ("m.read", "manager", "read"),
    ("m.write", "manager", "write"),
    ("m.r:l", "manager", "read:listings"),
    ("m.w:l", "manager", "write:listings"),
    ("m.r:o", "manager", "read:offers"),
    ("m.w:o", "manager", "write:offers"),
    ("m.r:p", "manager", "read:profile"),
    ("m.w:p", "manager", "write:profile"),
    ("m.a:k", "manager", "admin:keys"),
    ("b.read", "buyer", "read"),
    ("b.w:o", "buyer", "write:offers"),
)
DEAD = ("expired", "revoked")


def _principal(user: User, scope: str) -> Principal:
    row, text = world.key_row(user, scope)
    return Principal(user, row, text)
