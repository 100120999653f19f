"""`/api/v2/buyer-profile`: the own one, masked, and never overwritten by its mask."""

import pytest

from apps.audit.models import AuditEntry
from apps.buyers.models import BuyerProfile
from tests import world
from tests.api import assert_problem

from .cast import Cast

TAG = {"if_match": '"1"'}


def test_nobody_has_a_profile_until_they_make_one(cast: Cast) -> None:
    for method, path in (
        ("GET", "buyer-profile"),
        ("PATCH", "buyer-profile"),
        ("DELETE", "buyer-profile"),
        ("POST", "buyer-profile/reveal"),
    ):
        assert_problem(cast.buyer.send(method, path), 404, "not_found")


def test_a_put_makes_or_replaces_the_own_profile(cast: Cast) -> None:
    first = cast.buyer.put("buyer-profile", world.NEW_PROFILE)
    body = world.NEW_PROFILE | {"legal_name": "Li Wei"}
    second = cast.buyer.put("buyer-profile", body, if_match=first["ETag"])

    assert (first.status_code, first["Location"]) == (201, "/api/v2/buyer-profile")
    assert (second.status_code, second["ETag"]) == (200, '"2"')
    assert BuyerProfile.objects.get().legal_name == "Li Wei"


def test_a_profile_is_the_callers_and_nobody_elses(cast: Cast) -> None:
    cast.buyer.put("buyer-profile", world.NEW_PROFILE)

    for other in (cast.other_buyer, cast.manager):
        assert_problem(other.get("buyer-profile"), 404, "not_found")


def test_a_patch_changes_what_was_sent_and_nothing_else(cast: Cast) -> None:
    cast.buyer.put("buyer-profile", world.NEW_PROFILE)
    cast.buyer.patch("buyer-profile", {"phone": "+15055550199"}, **TAG)
    revealed = cast.buyer.post("buyer-profile/reveal", {"reason": "why"}).json()

    assert {name: revealed[name] for name in world.NEW_PROFILE} == world.NEW_PROFILE | {
        "phone": "+15055550199"
    }


@pytest.mark.parametrize("name", world.NEW_PROFILE)
def test_a_masked_value_sent_back_is_refused(cast: Cast, name: str) -> None:
    cast.buyer.put("buyer-profile", world.NEW_PROFILE)
    shown = cast.buyer.get("buyer-profile").json()
    one = {name: shown[name]}

    patched = cast.buyer.patch("buyer-profile", one, **TAG)
    put = cast.buyer.put("buyer-profile", world.NEW_PROFILE | one, **TAG)
    for response in (patched, put):
        assert_problem(response, 400, "masked_value", f"/{name}")
    assert BuyerProfile.objects.get().version == 1


def test_a_whole_masked_profile_sent_back_names_every_field(cast: Cast) -> None:
    cast.buyer.put("buyer-profile", world.NEW_PROFILE)
    shown = cast.buyer.get("buyer-profile").json()
    body = {name: shown[name] for name in world.NEW_PROFILE}

    pointers = [f"/{name}" for name in world.NEW_PROFILE]
    assert_problem(cast.buyer.put("buyer-profile", body, **TAG), 400, "masked_value", *pointers)


def test_a_masked_amount_is_refused_in_its_own_shape_too(cast: Cast) -> None:
    cast.buyer.put("buyer-profile", world.NEW_PROFILE)
    body = {"annual_income": {"amount": "••••••", "currency": "USD"}}

    response = cast.buyer.patch("buyer-profile", body, **TAG)
    assert_problem(response, 400, "masked_value", "/annual_income")


BAD = [
    ("/phone", "5055550123"),
    ("/phone", "+05055550123"),
    ("/phone", "+1 505 555 0123"),
    ("/phone", "+1505555012345678"),
    ("/phone", "+15055"),
    ("/phone", "+1٣٣٣٣٣٣٣٣٣"),
    ("/phone", "+15055550123\n"),
    ("/national_id", "-123"),
    ("/national_id", "123"),
    ("/national_id", "1" * 33),
    ("/national_id", "123_45_6789"),
    ("/national_id", "１２３４"),
    ("/date_of_birth", "2999-01-01"),
    ("/date_of_birth", "1880-01-01"),
    ("/date_of_birth", "1984-02-30"),
    ("/date_of_birth", "1984-W09-3"),
    ("/date_of_birth", "19840229"),
    ("/date_of_birth", "1984-2-29"),
    ("/date_of_birth", "１９８４-02-29"),
    ("/date_of_birth", 19840229),
    ("/legal_name", ""),
    ("/legal_name", "x" * 121),
    ("/legal_name", "\ufb2c" * 41),
    ("/legal_name", "Ana\u202eMaría"),
    ("/annual_income", "85000.00"),
    ("/annual_income/amount", {"amount": "-1", "currency": "USD"}),
]


@pytest.mark.parametrize(("pointer", "value"), BAD, ids=lambda value: ascii(value)[:40])
def test_a_value_that_cannot_be_is_pointed_at_and_not_repeated(
    cast: Cast, pointer: str, value: object
) -> None:
    body = world.NEW_PROFILE | {pointer.split("/")[1]: value}
    response = cast.buyer.put("buyer-profile", body)

    assert_problem(response, 400, "validation_failed", pointer)
    if isinstance(value, str) and len(value) > 4:
        assert value not in response.content.decode()
    assert not BuyerProfile.objects.exists()


def test_a_name_is_taken_as_people_have_it(cast: Cast) -> None:
    for number, name in enumerate(["Ana María O’Neil-Ruiz Jr.", "李伟", "é" * 120, "ﬃ" * 120]):
        headers = {"if_match": f'"{number}"'} if number else {}
        body = world.NEW_PROFILE | {"legal_name": name}
        assert cast.buyer.put("buyer-profile", body, **headers).status_code in (200, 201)
        assert BuyerProfile.objects.get().legal_name == name


def test_a_reveal_is_recorded_before_the_values_leave(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    cast.buyer.put("buyer-profile", world.NEW_PROFILE)
    cast.buyer.post("buyer-profile/reveal", {"reason": "Copy for my adviser"})
    assert AuditEntry.objects.get(verb="profile.revealed").reason == "Copy for my adviser"

    def broken(*_: object, **__: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("apps.buyers.lifecycle.record", broken)
    response = cast.buyer.post("buyer-profile/reveal", {"reason": "why"})
    assert_problem(response, 500, "internal_error")
    assert b"6789" not in response.content


def test_a_deleted_profile_is_gone(cast: Cast) -> None:
    cast.buyer.put("buyer-profile", world.NEW_PROFILE)

    assert cast.buyer.delete("buyer-profile", **TAG).status_code == 204
    assert_problem(cast.buyer.get("buyer-profile"), 404, "not_found")
    assert not BuyerProfile.objects.exists()
