"""The admin shows no secret, changes little, and records what it changes."""

import pytest
from django.contrib import admin
from django.db.models import Model
from django.test import Client
from django.urls import get_resolver, reverse

from apps.accounts.models import User
from apps.agencies.models import Agency, Membership
from apps.agencies.roles import Role
from apps.apikeys.models import ApiKey
from apps.audit.models import AuditEntry
from apps.encryption.encrypted_field import EncryptedField
from apps.listings.models import Listing
from apps.offers.models import Offer
from tests import world
from tests.api import Api, assert_problem
from tests.people import is_signed_in, sign_in, verified, with_totp

pytestmark = pytest.mark.django_db

#: Fields that no admin page shows, by model.
HIDDEN = {
    "apikeys.apikey": ("digest", "pepper_id"),
    "audit.auditentry": ("mac",),
    "accounts.user": ("password",),
}


def registered() -> list[type[Model]]:
    assert get_resolver().url_patterns  # loads the admin
    return list(admin.site._registry)


@pytest.fixture
def root() -> User:
    return User.objects.create_superuser("root@example.com", "a long pass phrase")


@pytest.fixture
def client(root: User) -> Client:
    client = Client(raise_request_exception=False)
    return sign_in(with_totp(root), "a long pass phrase", client)


@pytest.fixture
def key() -> str:
    """One row of everything; returns a key's text."""
    manager = world.person(Role.MANAGER)
    buyer = world.person()
    world.profile(buyer)
    world.offer(world.listing(manager.membership.agency), buyer, message="Not for admins")
    return world.key(manager)


def pages(client: Client, model: type[Model]) -> list[str]:
    """The list and every row's page."""
    name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
    urls = [reverse(f"{name}_changelist")]
    urls += [reverse(f"{name}_change", args=[row.pk]) for row in model._default_manager.all()]
    answers = [client.get(url) for url in urls]
    assert [answer.status_code for answer in answers] == [200] * len(urls)
    return [answer.content.decode() for answer in answers]


def test_no_page_shows_a_secret_or_a_personal_value(client: Client, key: str, root: User) -> None:
    shown = "\n".join(page for model in registered() for page in pages(client, model))

    assert ApiKey.objects.get().prefix in shown
    secrets = [key[21:], bytes(ApiKey.objects.get().digest).hex(), root.password]
    secrets += ["Not for admins", "Connell", "Ana María", "5550123", "123-45-6789", "bcrypt"]
    secrets += [bytes(entry.mac).hex() for entry in AuditEntry.objects.all()]
    for secret in secrets:
        assert secret not in shown


def test_no_form_has_a_field_that_is_encrypted_or_hidden() -> None:
    for model in registered():
        owner = admin.site._registry[model]
        form = set(owner.get_form(_request(), None).base_fields)
        hidden = {f.name for f in model._meta.fields if isinstance(f, EncryptedField)}
        hidden |= set(HIDDEN.get(model._meta.label_lower, ()))
        shown = form | set(owner.get_fields(_request())) | set(owner.list_display)
        assert not shown & hidden, model


def test_only_pages_of_ours_are_registered() -> None:
    ours = {"ReadOnly", "Audited"}
    foreign = [
        model._meta.label
        for model, owner in admin.site._registry.items()
        if registered() and not ours & {base.__name__ for base in type(owner).__mro__}
    ]

    assert foreign == []


@pytest.mark.parametrize("model", [AuditEntry, Listing, Membership, Offer])
@pytest.mark.parametrize("act", ["add", "change", "delete"])
def test_what_is_to_look_at_is_not_changed(
    client: Client, key: str, model: type[Model], act: str
) -> None:
    row = model.objects.first()
    name = f"admin:{model._meta.app_label}_{model._meta.model_name}_{act}"
    before = plain_rows(model)

    response = client.post(reverse(name, args=[] if act == "add" else [row.pk]), {"post": "yes"})

    assert response.status_code == 403
    assert plain_rows(model) == before


@pytest.mark.parametrize("model", [User, Agency, ApiKey])
def test_nothing_is_deleted(client: Client, key: str, model: type[Model]) -> None:
    row = model.objects.first()
    name = f"admin:{model._meta.app_label}_{model._meta.model_name}_delete"

    assert client.post(reverse(name, args=[row.pk]), {"post": "yes"}).status_code == 403
    assert model.objects.filter(pk=row.pk).exists()


def test_a_change_is_recorded_with_the_names_of_its_fields(client: Client, root: User) -> None:
    agency = world.agency()
    client.post(reverse("admin:agencies_agency_change", args=[agency.pk]), {"name": "Mesa Homes"})

    assert Agency.objects.get().name == "Mesa Homes"
    entry = AuditEntry.objects.get(verb="admin.changed")
    assert (entry.verb, entry.actor) == ("admin.changed", f"user:{root.pk}")
    assert (entry.object_type, entry.object_id) == ("agency", str(agency.pk))
    assert entry.changes == {"fields": ["name"], "added": False}


def test_a_user_is_changed_as_by_api(client: Client, root: User) -> None:
    ana = verified()
    browser = sign_in(ana)
    page = reverse("admin:accounts_user_change", args=[ana.pk])
    client.post(page, {"role": "platform_admin", "is_staff": "on"})

    assert not is_signed_in(browser)
    ana = User.objects.get(pk=ana.pk)
    assert (ana.is_active, ana.is_staff, ana.is_superuser) == (False, True, True)
    entry = AuditEntry.objects.get(verb="user.changed")
    assert (entry.actor, entry.object_id) == (f"user:{root.pk}", str(ana.pk))
    assert entry.changes == {"role": "platform_admin", "active": False}

    client.post(page, {"role": "buyer", "is_active": "on", "is_staff": "on"})
    assert not is_signed_in(browser)
    ana = User.objects.get(pk=ana.pk)
    assert (ana.is_active, ana.is_staff, ana.is_superuser) == (True, False, False)
    assert "an agency" in client.post(page, {"role": "agent"}).content.decode()


def test_nobody_changes_themselves(client: Client, root: User) -> None:
    page = reverse("admin:accounts_user_change", args=[root.pk])
    assert client.get(page).status_code == 200
    assert client.post(page, {"role": "buyer"}).status_code == 403

    assert User.objects.get(pk=root.pk).is_active
    assert AuditEntry.objects.filter(verb="user.changed").count() == 0


def test_a_change_that_cannot_be_recorded_is_undone(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError

    user = world.person()
    monkeypatch.setattr("apps.accounts.administration.record", broken)
    response = client.post(reverse("admin:accounts_user_change", args=[user.pk]), {"role": "buyer"})

    assert response.status_code == 500
    assert User.objects.get(pk=user.pk).is_active


def test_a_key_is_revoked_at_once_and_the_act_is_recorded(
    client: Client, key: str, root: User
) -> None:
    row = ApiKey.objects.get()
    form = {"action": "revoke_keys", "_selected_action": str(row.pk)}
    client.post(reverse("admin:apikeys_apikey_changelist"), form)

    assert_problem(Api(key).get("me"), 401, "credentials_invalid")
    entry = AuditEntry.objects.get(verb="api_key.revoked")
    assert (entry.actor, entry.object_id) == (f"user:{root.pk}", str(row.pk))


def test_a_password_cannot_be_set_here(client: Client, root: User) -> None:
    page = client.get(reverse("admin:accounts_user_change", args=[root.pk])).content.decode()

    assert 'name="password"' not in page and 'name="email"' not in page


def _request() -> object:
    from django.test import RequestFactory

    request = RequestFactory().get("/admin/")
    request.user = User(is_staff=True, is_superuser=True)
    return request


def plain_rows(model: type[Model]) -> list[tuple]:
    """Every row, without what is encrypted anew on every look."""
    plain = [f.name for f in model._meta.fields if not isinstance(f, EncryptedField)]
    return list(model.objects.order_by("pk").values_list(*plain))
