"""The table "What ends what" of docs/oauth.md, row by row."""

import re
from collections.abc import Callable
from io import StringIO
from unittest import mock

import pytest
from allauth.usersessions.models import UserSession
from django.core.management import call_command

from apps.accounts.models import User
from apps.agencies.roles import Role
from apps.audit.actors import Operator
from apps.audit.models import AuditEntry
from apps.audit.verbs import Verb
from apps.oauth import consents, lifecycle
from apps.oauth.models import Consent
from config.environment import ROOT
from tests import people, tokens, world
from tests.api import Api

pytestmark = pytest.mark.django_db
PAGE = (ROOT / "docs" / "oauth.md").read_text()
SECTION = PAGE.partition("## What ends what")[2].partition("\n## ")[0]
ROWS = {
    event: tuple(cells)
    for event, *cells in re.findall(
        r"^\| ([A-Z].+?) \| (.+?) \| (.+?) \| (.+?) \| (.+?) \|$", SECTION, re.M
    )
}
#: What is alive afterwards, by the words of the table. Sessions: here, elsewhere. Tokens: a family
#: of one app, another family of it, and one of another app.
SESSIONS = {
    "stay": (True, True),
    "this one": (False, True),
    "all others": (True, False),
    "all": (False, False),
}
TOKENS = {
    "stay": (True, True, True),
    "its family ends": (False, True, True),
    "those of this app end": (False, False, True),
    "all of this client end": (False, False, True),
    "all end": (False, False, False),
}
KEYS = {"stay": True, "all end": False}
CONSENT = {"stays": {"one", "other"}, "this one ends": {"other"}}


class Scene:
    """Ana has two browsers, two apps (one of them signed in to twice) and a key."""

    def __init__(self) -> None:
        self.ana = people.verified()
        self.here, self.elsewhere = (people.sign_in(self.ana) for _ in range(2))
        self.one, self.secret = tokens.client(name="one")
        self.other, other_secret = tokens.client(name="other")
        for app in (self.one, self.other):
            consents.give(self.ana, app, ["read"])
        self.first = tokens.pair(self.one, self.secret, self.ana)
        second = tokens.pair(self.one, self.secret, self.ana)
        self.pairs = (self.first, second, tokens.pair(self.other, other_secret, self.ana))
        self.key = world.key(self.ana, "read")

    def sessions(self) -> tuple[bool, ...]:
        return tuple(people.is_signed_in(browser) for browser in (self.here, self.elsewhere))

    def tokens(self) -> tuple[bool, ...]:
        return tuple(opens(pair["access_token"]) for pair in self.pairs)

    def consent(self) -> set[str]:
        found = Consent.objects.filter(user=self.ana)
        return set(found.values_list("client__name", flat=True))


def opens(text: str) -> bool:
    return Api(text).get("me").status_code == 200


def signs_out(scene: Scene) -> None:
    people.post(scene.here, "logout/")


def signs_out_everywhere(scene: Scene) -> None:
    people.post(scene.here, "sessions/", session="everywhere")


def changes_password(scene: Scene) -> None:
    new = "seven otters under a bridge"
    form = {"oldpassword": people.PASSWORD, "password1": new, "password2": new}
    assert people.post(scene.here, "password/change/", **form).status_code == 302


def is_given_a_password(scene: Scene) -> None:
    typed = "django.contrib.auth.management.commands.changepassword.getpass.getpass"
    with mock.patch(typed, return_value="seven otters under a bridge"):
        call_command("changepassword", scene.ana.email, stdout=StringIO())
    assert not UserSession.objects.filter(user=scene.ana).exists()
    (entry,) = AuditEntry.objects.filter(verb=Verb.PASSWORD_CHANGED)
    assert (entry.actor, entry.object_id) == (Operator().actor, str(scene.ana.pk))


def is_switched_off(scene: Scene) -> None:
    admin = Api(tokens.token(world.person(Role.PLATFORM_ADMIN), "admin"))
    assert admin.patch(f"users/{scene.ana.pk}", {"active": False}).status_code == 200
    before = scene.sessions(), scene.tokens(), opens(scene.key)
    User.objects.filter(pk=scene.ana.pk).update(is_active=True)  # what ended stays so
    assert (scene.sessions(), scene.tokens(), opens(scene.key)) == before


def disconnects(scene: Scene) -> None:
    app = Consent.objects.get(user=scene.ana, client=scene.one)
    people.post(scene.here, "connected-apps/", app=str(app.pk))


def is_revoked(scene: Scene) -> None:
    form = {"token": scene.first["access_token"]}
    assert tokens.ask(scene.one, scene.secret, form, "revoke").status_code == 200


def client_is_switched_off(scene: Scene) -> None:
    lifecycle.set_active(Operator(), scene.one, False)
    lifecycle.set_active(Operator(), scene.one, True)  # what ended stays so


def is_replayed(scene: Scene) -> None:
    for status in (200, 400):
        answer = tokens.refresh(scene.one, scene.secret, scene.first["refresh_token"])
        assert answer.status_code == status


EVENTS: dict[str, Callable[[Scene], None]] = {
    "Sign out": signs_out,
    "Sign out everywhere": signs_out_everywhere,
    "New password, by change or reset": changes_password,
    "New password, by the operator's command": is_given_a_password,
    "Account switched off": is_switched_off,
    "App disconnected by the person": disconnects,
    "Token revoked by its client": is_revoked,
    "Client switched off": client_is_switched_off,
    "Code or refresh token used twice": is_replayed,
}


def test_the_table_has_these_rows():
    assert list(ROWS) == list(EVENTS)


@pytest.mark.parametrize("event", EVENTS)
def test_it_ends_what_the_table_says_and_nothing_else(event: str):
    scene = Scene()
    whole = (SESSIONS["stay"], TOKENS["stay"], True, CONSENT["stays"])
    assert (scene.sessions(), scene.tokens(), opens(scene.key), scene.consent()) == whole
    EVENTS[event](scene)
    sessions, access, keys, consent = ROWS[event]
    expected = (SESSIONS[sessions], TOKENS[access], KEYS[keys], CONSENT[consent])
    assert (scene.sessions(), scene.tokens(), opens(scene.key), scene.consent()) == expected
