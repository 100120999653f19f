"""What shows a row by the way shows no value: texts, admin lists, pages of errors, exceptions."""

import logging
import pickle
import traceback

import pytest
from django.apps import apps
from django.contrib import admin
from django.test import Client

from apps.agencies.roles import Role
from apps.buyers.models import BuyerProfile
from apps.core.json_log import JsonFormatter
from apps.privacy.people import models_of_people, names_of, rows_of
from tests import people
from tests.api import Api

from .life import EMAIL, MESSAGE, PROFILE, VALUES, Life

pytestmark = pytest.mark.django_db

#: Of a library, and shown on no page: the address, which stands in clear beside it.
BY_ADDRESS = {"account.EmailAddress", "account.EmailConfirmation"}


def shown(text: str) -> list[str]:
    return [value for value in [*VALUES, EMAIL] if value in text]


def test_the_text_of_no_row_holds_a_value() -> None:
    life = Life()
    for model, _ in models_of_people():
        for row in rows_of(model, life.user.pk, names_of(life.user.pk)):
            said = f"{row} {row!r} {row.__dict__}" if model is BuyerProfile else f"{row} {row!r}"
            assert model._meta.label in BY_ADDRESS or shown(said) == [], model


def test_no_list_and_no_page_of_the_admin_shows_one_but_the_address_of_a_user() -> None:
    life = Life()
    chief = people.verified(Role.PLATFORM_ADMIN, is_staff=True, is_superuser=True)
    browser, seen = people.comes_in(Client(), chief), 0
    for model in admin.site._registry:
        path = f"/admin/{model._meta.app_label}/{model._meta.model_name}/"
        pages = [path, *(f"{path}{row.pk}/change/" for row in model.objects.all()[:20])]
        for page in pages:
            answer = browser.get(page)
            assert answer.status_code == 200, page
            allowed = {EMAIL, "xaviera"} if model._meta.model_name == "user" else set()
            assert set(shown(answer.content.decode())) <= allowed, page
            seen += 1
    assert seen > 8
    assert shown(browser.get("/admin/").content.decode()) == []
    assert life.offers[0].pk is not None


def test_a_change_in_the_admin_leaves_no_name_in_its_history() -> None:
    life = Life()
    chief = people.verified(Role.PLATFORM_ADMIN, is_staff=True, is_superuser=True)
    browser = people.comes_in(Client(), chief)
    browser.post(f"/admin/accounts/user/{life.user.pk}/change/", {"is_active": "on"})

    assert not apps.get_model("admin.LogEntry").objects.filter(user=chief).exists()


def test_refusals_repeat_nothing_of_what_was_sent() -> None:
    life = Life()
    for body in ({**PROFILE, "phone": 1}, {**PROFILE, MESSAGE: 1}, [PROFILE], {"phone": EMAIL}):
        answer = life.api.put("buyer-profile", body, if_match='"1"')
        assert answer.status_code == 400
        assert [v for v in shown(answer.content.decode()) if v != MESSAGE] == []
    for path in (f"listings/{EMAIL}", f"listings?x={EMAIL}", f"/accounts/{EMAIL}/"):
        assert EMAIL not in Api(life.key).get(path).content.decode()


def test_an_exception_with_the_row_in_its_hands_shows_nothing() -> None:
    life = Life()
    profile = BuyerProfile.objects.get(user=life.user)
    try:
        raise RuntimeError(f"{profile!r} {life.user!r} {vars(profile)}")
    except RuntimeError as error:
        record = logging.LogRecord("l", logging.ERROR, "f.py", 1, "%s", (vars(profile),), None)
        record.exc_info = (RuntimeError, error, error.__traceback__)
        text = "".join(traceback.format_exception(error)) + JsonFormatter().format(record)
    assert shown(text) == []
    assert shown(pickle.dumps(profile).decode("latin-1")) == []
