"""How users are made and found."""

import pytest
from django.contrib.auth import authenticate
from django.contrib.auth.hashers import identify_hasher
from django.db import IntegrityError, transaction

from apps.accounts.models import User
from apps.agencies.roles import Role
from config import settings as real_settings
from tests import world

pytestmark = pytest.mark.django_db


def test_an_address_in_another_case_is_the_same_account() -> None:
    user = world.person(email="Ana@Example.com")

    assert User.objects.get_by_natural_key("ANA@example.COM") == user
    assert user.email == "ana@example.com"
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create_user("ana@example.com")


def test_a_user_without_a_password_cannot_sign_in_by_one() -> None:
    user = world.person()

    assert not user.has_usable_password()
    for password in ("", "None", user.password):
        assert authenticate(username=user.email, password=password) is None


def test_a_user_is_a_buyer_unless_told_otherwise() -> None:
    assert not hasattr(world.person(), "membership")
    assert world.credential(world.person()).role is Role.BUYER


def test_a_superuser_is_a_platform_admin() -> None:
    user = User.objects.create_superuser("root@example.com", "a long pass phrase")

    assert user.membership.role == Role.PLATFORM_ADMIN
    assert user.is_staff and user.is_superuser


def test_passwords_are_bcrypt_over_sha256_at_its_full_cost() -> None:
    stored = User.objects.create_superuser("root@example.com", "a long pass phrase").password

    assert "pass phrase" not in stored
    assert identify_hasher(stored).algorithm == "bcrypt_sha256"
    assert real_settings.PASSWORD_HASHERS[0].endswith(".BCryptSHA256PasswordHasher")


def test_a_failed_membership_leaves_no_user() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create_user("agent@example.com", role=Role.AGENT, agency=None)
    assert not User.objects.exists()


def test_a_user_is_named_by_an_id_and_never_by_the_address() -> None:
    user = world.person(email="ana@example.com")

    assert (str(user), user.pk.version) == (str(user.pk), 7)
    assert "ana" not in repr(user)
