"""`manage.py seed_demo`: what it makes the first time."""

from collections import Counter, defaultdict
from io import StringIO

import pytest
from django.apps import apps
from django.contrib.auth import authenticate
from django.core.management import CommandError, call_command
from django.db.models import F
from django.test import Client

from apps.accounts.models import User
from apps.agencies.models import Agency
from apps.agencies.roles import Role
from apps.audit.models import AuditEntry
from apps.buyers.models import BuyerProfile
from apps.demo.management.commands.seed_demo import Command
from apps.listings.models import Listing
from apps.offers.models import Offer
from tests.api import Api


def secrets_in(demo):
    for user in demo["users"]:
        yield user["password"]
        yield user["totp_secret"]
        yield from user["api_keys"].values()
    yield from filter(None, (client["client_secret"] for client in demo["oauth_clients"]))


def test_the_file_has_the_shape_that_programs_rely_on(demo, var):
    assert set(demo) == {"users", "oauth_clients", "listing_id", "listings"}
    assert demo["listings"] == 200
    assert [client["name"] for client in demo["oauth_clients"]] == [
        "Demo web app",
        "Demo desktop app",
        "Demo nightly export",
    ]
    for client in demo["oauth_clients"]:
        assert set(client) == {"name", "client_id", "client_secret", "redirect_uris", "scopes"}
    for user in demo["users"]:
        assert set(user) == {"email", "password", "role", "agency", "totp_secret", "api_keys"}
        assert set(user["api_keys"]) == {"read", "write", "admin"}
    assert (var / "demo.json").stat().st_mode & 0o777 == 0o600
    assert sorted(file.name for file in var.iterdir()) == ["demo.json"]


def test_every_role_is_in_two_agencies(demo):
    agencies = defaultdict(set)
    for user in demo["users"]:
        agencies[user["role"]].add(user["agency"])
    assert set(agencies) == set(Role)
    assert all(len(names) >= 2 for names in agencies.values())
    assert Agency.objects.count() >= 3


def test_each_key_works_for_its_owner_with_its_scope_alone(demo):
    for user in demo["users"]:
        for scope, key in user["api_keys"].items():
            me = Api(key).get("me").json()
            assert (me["email"], me["role"], me["agency"]["name"]) == (
                user["email"],
                user["role"],
                user["agency"],
            )
            assert me["credential"]["scopes"] == [scope]


def test_passwords_sign_in_and_only_platform_admins_are_staff(demo):
    for user in demo["users"]:
        assert len(user["password"]) >= 16
        found = authenticate(username=user["email"], password=user["password"])
        assert found.is_staff is found.is_superuser is (user["role"] == "platform_admin")
    assert User.objects.filter(is_staff=True).count() == 2


def test_each_signs_in_with_password_and_code(demo):
    for user in demo["users"][:3]:
        client = Client()
        form = {"login": user["email"], "password": user["password"]}
        answer = client.post("/accounts/login/", form)
        assert answer["Location"] == "/accounts/second-factors/authenticate/"
        printed = StringIO()
        call_command("demo_code", user["email"], stdout=printed)
        client.post(answer["Location"], {"code": printed.getvalue().strip()})
        assert client.get("/accounts/").status_code == 200


def test_there_is_no_code_of_somebody_else(demo):
    with pytest.raises(CommandError, match="No demo user"):
        call_command("demo_code", "nobody@example.com")


def test_200_listings_and_each_sold_one_has_its_accepted_offer(demo):
    counts = Counter(Listing.objects.values_list("status", flat=True))
    assert counts.total() == 200
    assert set(counts) == {"published", "draft", "sold", "withdrawn"}
    sold = Listing.objects.filter(status="sold")
    assert sold.count() == sold.filter(offers__status="accepted").count() > 0
    assert str(Listing.objects.get(pk=demo["listing_id"]).status) == "published"


def test_a_city_of_bulk_made_listings_is_found_by_search(demo):
    found = Api().get("listings", {"city": "CAÑON CITY", "state": "co"}).json()
    assert found["results"]


def test_buyers_have_profiles_and_offers_in_every_status(demo):
    every = {"submitted", "accepted", "rejected", "withdrawn"}
    for user in demo["users"]:
        if user["role"] == "buyer":
            mine = Offer.objects.filter(buyer__email=user["email"])
            assert set(mine.values_list("status", flat=True)) == every
            assert BuyerProfile.objects.get(user__email=user["email"]).legal_name
    assert not Offer.objects.filter(decided_at__lt=F("created_at")).exists()


def test_a_buyer_of_the_demo_can_still_make_an_offer_today(demo):
    buyer = next(user for user in demo["users"] if user["role"] == "buyer")
    body = {"listing": demo["listing_id"], "amount": {"amount": "1000.00", "currency": "USD"}}
    api = Api(buyer["api_keys"]["write"])
    for number in range(5):
        answer = api.post("offers", body, idempotency_key=f"a-first-try-{number}")
        assert answer.status_code == 201
        api.post(f"offers/{answer.json()['id']}/withdraw")


def test_keys_and_offers_are_in_the_audit(demo):
    verbs = Counter(AuditEntry.objects.values_list("verb", flat=True))
    assert verbs["api_key.created"] == 3 * len(demo["users"])
    assert verbs["offer.submitted"] == Offer.objects.count()
    assert verbs["listing.sold"] == Listing.objects.filter(status="sold").count()


def test_json_prints_the_file_and_nothing_else(seed, var):
    _, printed = seed("--json")
    assert printed == (var / "demo.json").read_text()


def test_without_json_no_secret_is_printed(seed):
    demo, printed = seed()
    assert "200 listings" in printed
    assert not [secret for secret in secrets_in(demo) if secret in printed]


def test_where_the_room_is_not_installed_the_command_refuses(db, var, settings):
    settings.INSTALLED_APPS = [app for app in settings.INSTALLED_APPS if app != "apps.demo"]
    assert not apps.is_installed("apps.demo")
    with pytest.raises(CommandError, match="APP_ENV"):
        call_command(Command())
    assert not var.exists()
    assert not User.objects.exists()
