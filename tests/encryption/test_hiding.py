"""A planted value shows in no representation, dump or copy of an instance."""

import copy
import datetime
import json
import logging
import pickle
from decimal import Decimal

import pytest
from django.core import serializers
from django.core.exceptions import FieldError
from django.forms import modelform_factory
from django.forms.models import model_to_dict

from apps.encryption.sealed import Sealed, Unsealed
from tests.encryption.models import Letter

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tables")]

PLANTED = {
    "body": "Rosebud",
    "note": "Rosebud",
    "sent_on": datetime.date(1941, 5, 1),
    "postage": Decimal("4321.99"),
    "scan": b"Rosebud in bytes",
    "marks": {"sled": ["Rosebud", 1941.5]},
}
MARKS = ("Rosebud", "1941.5", "1941-05", "1941, 5", "4321.99")


def shows_nothing(text):
    text = text if isinstance(text, str) else repr(text)
    return not any(mark in text for mark in MARKS)


@pytest.fixture(params=["assigned", "saved", "loaded", "read"])
def instance(request):
    """One letter at each stage of its life."""
    row = Letter(title="t", **PLANTED)
    if request.param != "assigned":
        row.save()
    if request.param in ("loaded", "read"):
        row = Letter.objects.get(pk=row.pk)
    if request.param == "read":
        assert all(getattr(row, name) == value for name, value in PLANTED.items())
    return row


def test_the_instance_holds_wrappers_alone(instance):
    held = Unsealed if instance._state.adding else Sealed
    assert {type(instance.__dict__[name]) for name in PLANTED} == {held}
    assert shows_nothing(instance.__dict__)
    assert shows_nothing(instance)


def test_wrappers_show_nothing_however_they_are_formatted(instance):
    held = instance.__dict__["body"]
    for text in (str(held), repr(held), f"{held}", f"{held!r}", "%s" % held):  # noqa: UP031
        assert text in ("<Sealed>", "<Unsealed>")
    with pytest.raises(TypeError):
        json.dumps(held)
    assert not hasattr(held, "__dict__")


def test_copies_show_nothing_and_still_read(instance):
    for copied in (copy.copy(instance), copy.deepcopy(instance)):
        assert shows_nothing(copied.__dict__)
        assert copied.body == "Rosebud"


def test_a_pickle_holds_no_plaintext(instance):
    if type(instance.__dict__["body"]) is Unsealed:
        with pytest.raises(TypeError, match="only after it has been saved") as refusal:
            pickle.dumps(instance)
        assert shows_nothing(str(refusal.value))
        return
    pickled = pickle.dumps(instance)
    assert not any(mark.encode() in pickled for mark in MARKS)
    restored = pickle.loads(pickled)  # noqa: S301
    assert shows_nothing(restored.__dict__)
    assert restored.postage == Decimal("4321.99")


@pytest.mark.parametrize("form", ["json", "jsonl", "python", "xml"])
def test_dumping_raises_and_shows_nothing(instance, form):
    with pytest.raises(FieldError, match="not dumped") as refusal:
        serializers.serialize(form, [instance])
    assert shows_nothing(str(refusal.value))


@pytest.mark.parametrize("name", list(PLANTED))
def test_no_single_field_is_dumped(instance, name):
    with pytest.raises(FieldError, match="not dumped"):
        serializers.serialize("json", [instance], fields=[name])


def test_loading_a_fixture_with_plaintext_is_refused():
    fixture = [{"model": "encryption.letter", "pk": None, "fields": {"title": "t", "body": "x"}}]
    (row,) = serializers.deserialize("python", fixture)
    with pytest.raises(FieldError, match="fixtures cannot write it"):
        row.save()


def test_model_to_dict_and_model_forms_show_nothing(instance):
    assert shows_nothing(model_to_dict(instance))
    form = modelform_factory(Letter, fields="__all__")
    assert not set(PLANTED) & set(form.base_fields)
    assert shows_nothing(str(form(instance=instance)))


def test_a_logged_instance_shows_nothing(instance, caplog):
    with caplog.at_level(logging.INFO):
        logging.getLogger("letters").info("%s %r %s", instance, instance, vars(instance))
    assert "<Sealed>" in caplog.text or "<Unsealed>" in caplog.text
    assert shows_nothing(caplog.text)
