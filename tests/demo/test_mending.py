"""`manage.py seed_demo` again: it changes nothing that works and mends what does not."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from allauth.mfa.models import Authenticator

from apps.access.credential import COMMAND_LINE
from apps.accounts.models import SecondFactorSecret, User
from apps.accounts.second_factors import keep
from apps.agencies.models import Membership
from apps.apikeys import lifecycle
from apps.apikeys.models import ApiKey
from apps.audit.models import AuditEntry
from apps.buyers.models import BuyerProfile
from apps.encryption.errors import DecryptionRefused
from apps.encryption.ring import key_ring
from apps.listings.models import Listing
from apps.offers.models import Offer
from config.generate_env import fresh_key
from config.rings import parse_ring
from tests import world
from tests.api import Api, assert_problem

MANAGER = "manager@harbor.example.com"


def user_in(demo, email=MANAGER):
    return next(user for user in demo["users"] if user["email"] == email)


def key_of(demo, scope="read"):
    return user_in(demo)["api_keys"][scope]


def works(key):
    return Api(key).get("me").status_code == 200


def row_of(key):
    return ApiKey.objects.get(public_id=key.split("_")[2])


def counted():
    models = (User, Listing, Offer, ApiKey, BuyerProfile, AuditEntry)
    return {model.__name__: model.objects.count() for model in models}


def test_a_second_run_changes_nothing(seed, demo, var):
    before, written = counted(), (var / "demo.json").stat().st_mtime_ns
    again, _ = seed()
    assert again == demo
    assert counted() == before
    assert (var / "demo.json").stat().st_mtime_ns == written


@pytest.mark.parametrize("content", [None, "{", '{"users": [{"email": 1}]}'])
def test_without_a_readable_file_every_secret_is_new_and_the_old_keys_end(seed, demo, var, content):
    old = key_of(demo)
    if content is None:
        (var / "demo.json").unlink()
    else:
        (var / "demo.json").write_text(content)
    again, _ = seed()
    assert again["listing_id"]
    assert user_in(again)["password"] != user_in(demo)["password"]
    assert User.objects.get(email=MANAGER).check_password(user_in(again)["password"])
    assert works(key_of(again))
    assert_problem(Api(old).get("me"), 401, "credentials_invalid")
    assert Listing.objects.count() == 200


def test_only_a_key_that_was_revoked_is_made_anew(seed, demo):
    lifecycle.revoke(COMMAND_LINE, row_of(key_of(demo)))
    again, _ = seed()
    assert key_of(again) != key_of(demo)
    assert works(key_of(again))
    assert key_of(again, "write") == key_of(demo, "write")


def test_a_key_that_ends_within_a_week_is_replaced(seed, demo):
    soon = datetime.now(UTC) + timedelta(days=6)
    ApiKey.objects.filter(pk=row_of(key_of(demo)).pk).update(expires_at=soon)
    again, _ = seed()
    assert key_of(again) != key_of(demo)
    assert row_of(key_of(again)).expires_at > soon


def test_a_key_that_is_no_longer_what_the_file_says_is_replaced(seed, demo):
    changed = {"read": {"scopes": ["admin"]}, "write": {"networks": ["10.0.0.0/8"]}}
    for scope, change in changed.items():
        ApiKey.objects.filter(pk=row_of(key_of(demo, scope)).pk).update(**change)
    again, _ = seed()
    assert not {key_of(again, scope) for scope in changed} & {key_of(demo, s) for s in changed}
    assert key_of(again, "admin") == key_of(demo, "admin")


def test_keys_under_a_lost_pepper_are_made_anew(seed, demo, settings):
    settings.API_KEY_PEPPERS = dict(parse_ring(f"1:{fresh_key()}", range(32, 33)))
    again, _ = seed()
    assert key_of(again) != key_of(demo)
    assert works(key_of(again))


def test_a_user_who_is_gone_comes_back(seed, demo, var):
    User.objects.get(email=MANAGER).delete()
    again, _ = seed()
    assert User.objects.get(email=MANAGER).check_password(user_in(again)["password"])
    assert works(key_of(again))
    assert not works(key_of(demo))
    assert json.loads((var / "demo.json").read_text()) == again


def test_a_second_factor_that_is_no_longer_theirs_is_made_anew(seed, demo):
    user = User.objects.get(email=MANAGER)
    Authenticator.objects.filter(user=user).update(
        data={"secret": keep(user.pk, "JBSWY3DPEHPK3PXP")}
    )
    again, _ = seed()
    assert user_in(again)["totp_secret"] != user_in(demo)["totp_secret"]
    assert SecondFactorSecret.objects.filter(user=user).count() == 1
    assert SecondFactorSecret.objects.count() == len(demo["users"])


def test_a_user_who_was_switched_off_and_moved_is_restored(seed, demo):
    User.objects.filter(email=MANAGER).update(is_active=False, is_superuser=True)
    Membership.objects.filter(user__email=MANAGER).update(role="buyer", agency=None)
    assert not works(key_of(demo))
    again, _ = seed()
    assert again == demo
    me = Api(key_of(demo)).get("me").json()
    assert (me["role"], me["agency"]["name"]) == ("manager", user_in(demo)["agency"])
    assert not User.objects.get(email=MANAGER).is_superuser


def test_a_listing_that_is_sold_is_no_longer_the_example(seed, demo):
    Listing.objects.filter(pk=demo["listing_id"]).update(status="withdrawn")
    again, _ = seed()
    assert Listing.objects.get(pk=again["listing_id"]).status == "published"


@pytest.fixture
def lost_field_keys(demo, settings):
    settings.FIELD_KEYS = dict(parse_ring(f"1:{fresh_key()}", range(32, 33)))
    key_ring.cache_clear()
    yield
    key_ring.cache_clear()


def test_what_lost_keys_sealed_is_made_anew(seed, demo, lost_field_keys):
    with pytest.raises(DecryptionRefused):
        Listing.objects.get(pk=demo["listing_id"]).street_address  # noqa: B018 (reading decrypts)
    again, _ = seed()
    assert Listing.objects.count() == 200
    assert Listing.objects.get(pk=again["listing_id"]).street_address
    assert all(profile.legal_name for profile in BuyerProfile.objects.all())
    assert key_of(again) == key_of(demo)


def test_reset_makes_all_anew_and_keeps_every_audit_row(seed, demo):
    audited = set(AuditEntry.objects.values_list("pk", flat=True))
    Listing.objects.filter(pk=demo["listing_id"]).update(title="Changed by a lesson")
    again, _ = seed("--reset")
    assert audited < set(AuditEntry.objects.values_list("pk", flat=True))
    assert not works(key_of(demo))
    assert works(key_of(again))
    assert user_in(again)["password"] != user_in(demo)["password"]
    assert Listing.objects.count() == 200
    assert not Listing.objects.filter(title="Changed by a lesson").exists()
    revoked = AuditEntry.objects.filter(verb="api_key.revoked").count()
    assert revoked == 3 * len(demo["users"])


def test_reset_leaves_what_is_not_the_demos(seed, demo):
    own = world.listing(world.agency("Our Own Agency"))
    someone = world.person(email="someone@example.com")
    seed("--reset")
    assert Listing.objects.filter(pk=own.pk).exists()
    assert User.objects.filter(pk=someone.pk).exists()
