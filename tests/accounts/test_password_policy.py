"""Which passwords are taken: by length and by what everyone tries, not by composition."""

import pytest
from django.contrib.auth.hashers import BCryptSHA256PasswordHasher, make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from apps.accounts.models import User
from config import settings
from tests.people import PASSWORD, is_signed_in, sign_in, verified

SOMEONE = User(email="ana.montoya@harborhouse.example")


@pytest.mark.parametrize(
    "password",
    [
        "correct horse battery staple",
        "fourteenlemons",
        "ein langer Satz ohne Ziffern",
        "пароль из нескольких слов",
        "a" * 20 + " zebra crossing",
        "x7#" * 40,
        "b" * 127 + "!",
    ],
)
def test_what_is_long_and_unheard_of_is_taken(password: str) -> None:
    validate_password(password, SOMEONE)


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("Password1!", "password_too_short"),
        ("elevenchars", "password_too_short"),
        ("b" * 128 + "!", "password_too_long"),
        ("passwordpassword", "password_of_context_words"),
        ("password123456", "password_of_context_words"),
        ("Gatehouse-2026!", "password_of_context_words"),
        ("gatehouselistings", "password_of_context_words"),
        ("montoya-montoya", "password_of_context_words"),
        ("HarborHouse2026", "password_of_context_words"),
        ("ana.montoya@harborhouse.example", "password_too_similar"),
        ("finalfantasy", "password_too_common"),
    ],
)
def test_what_is_short_or_guessed_first_is_refused(password: str, code: str) -> None:
    with pytest.raises(ValidationError) as refused:
        validate_password(password, SOMEONE)
    assert code in {error.code for error in refused.value.error_list}


def test_a_name_of_the_place_within_a_good_password_is_fine() -> None:
    validate_password("seven otters guard the gatehouse", SOMEONE)


def test_passwords_are_hashed_with_bcrypt_over_sha256_at_twelve_rounds() -> None:
    assert settings.PASSWORD_HASHERS[0].endswith(".BCryptSHA256PasswordHasher")
    assert BCryptSHA256PasswordHasher.rounds == 12


@pytest.mark.django_db
def test_what_stands_behind_the_72nd_character_counts() -> None:
    user = verified()
    user.set_password("c" * 99 + "!")
    user.save()

    assert not is_signed_in(sign_in(user, "c" * 99 + "?"))
    assert is_signed_in(sign_in(user, "c" * 99 + "!"))


@pytest.mark.django_db
def test_an_old_hash_is_renewed_at_login(settings) -> None:
    settings.PASSWORD_HASHERS = [
        *settings.PASSWORD_HASHERS,
        "django.contrib.auth.hashers.PBKDF2PasswordHasher",
    ]
    user = verified()
    user.password = make_password(PASSWORD, hasher="pbkdf2_sha256")
    user.save()

    assert is_signed_in(sign_in(user))
    assert User.objects.get().password.startswith("bcrypt_sha256$")
