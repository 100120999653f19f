"""Nothing personal and nothing secret enters the audit or the log, whatever people do."""

import json
import logging
from collections.abc import Iterator
from io import StringIO

import pytest
from django.forms.models import model_to_dict

from apps.agencies.roles import Role
from apps.audit.models import AuditEntry
from apps.core.json_log import JsonFormatter
from tests import world
from tests.api import Api

pytestmark = pytest.mark.django_db

PERSONAL = {
    "legal_name": "Xaviera Quillfeather",
    "phone": "+15055557391",
    "national_id": "905-33-7741",
    "date_of_birth": "1971-11-23",
    "annual_income": {"amount": "73519.00", "currency": "USD"},
}
MESSAGE = "My landlord must not hear of this"
STREET = "77 Heliotrope Passage"
VALUES = ["Xaviera", "Quillfeather", "5557391", "905-33", "1971-11-23", "73519", MESSAGE, STREET]


@pytest.fixture
def log() -> Iterator[StringIO]:
    """Every line that is logged, as it leaves the process."""
    stream = StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonFormatter())
    root = logging.getLogger()
    root.addHandler(handler)
    yield stream
    root.removeHandler(handler)


class Story:
    """A buyer and a manager go through everything that there is, right and wrong."""

    def __init__(self) -> None:
        self.buyer, self.manager = world.person(), world.person(Role.MANAGER)
        self.keys = [world.key(self.buyer), world.key(self.manager)]
        buyer, manager = (Api(key) for key in self.keys)
        made = manager.post("listings", world.NEW_LISTING | {"street_address": STREET}).json()
        path = f"listings/{made['id']}"
        manager.post(f"{path}/publish")
        manager.patch(path, {"street_address": STREET, "bedrooms": 5}, if_match='"2a"')
        manager.patch(path, {"street_address": STREET, "bedrooms": 99}, if_match='"3a"')
        buyer.put("buyer-profile", PERSONAL)
        buyer.put("buyer-profile", PERSONAL, if_match='"1"')
        buyer.patch("buyer-profile", {"phone": "+15055557391"}, if_match='"2"')
        buyer.patch("buyer-profile", {"phone": "+15055557391x"}, if_match='"3"')
        buyer.put("buyer-profile", PERSONAL | {"extra": MESSAGE}, if_match='"3"')
        buyer.post("buyer-profile/reveal", {"reason": "My own copy"})
        offer = self.bid(buyer, made["id"], "first-idempotency-key")["id"]
        self.bid(buyer, made["id"], "other-idempotency-key")
        manager.post(f"offers/{offer}/reveal", {"reason": "Closing"})
        manager.post(f"offers/{offer}/accept")
        manager.post(f"offers/{offer}/accept")
        self.keys.append(buyer.post("api-keys", {"name": "n", "scopes": ["read"]}).json()["key"])
        for exposed in ({"api_key": self.keys[0]}, {"city": self.keys[0]}):
            Api().get("listings", exposed)
        Api(authorization=f"Basic {self.keys[0]}").get("me")
        Api(f"{self.keys[0]}x").get("me")

    @staticmethod
    def bid(buyer: Api, listing: str, key: str) -> dict:
        amount = {"amount": "410000.00", "currency": "USD"}
        body = {"listing": listing, "amount": amount, "message": MESSAGE}
        return buyer.post("offers", body, idempotency_key=key).json()


def test_no_personal_value_and_no_secret_is_audited() -> None:
    story = Story()
    rows = [model_to_dict(entry) for entry in AuditEntry.objects.all()]
    text = json.dumps(rows, default=str, ensure_ascii=False)

    assert len({row["verb"] for row in rows}) >= 12
    assert_clean(text, story)


def test_no_personal_value_and_no_secret_is_logged(log: StringIO) -> None:
    story = Story()
    lines = log.getvalue().splitlines()

    assert len([line for line in lines if '"event":"request"' in line]) >= 20
    assert all(isinstance(json.loads(line), dict) for line in lines)
    assert_clean(log.getvalue(), story)


def test_a_fault_of_ours_is_logged_with_its_traceback_and_without_the_input(
    log: StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(by: object, fields: dict) -> None:
        raise RuntimeError("the store is away")

    monkeypatch.setattr("apps.buyers.lifecycle.create", broken)
    key = world.key(world.person())
    response = Api(key).put("buyer-profile", PERSONAL)

    assert response.status_code == 500
    lines = [json.loads(line) for line in log.getvalue().splitlines()]
    (failed,) = [line for line in lines if "exception" in line]
    assert "RuntimeError: the store is away" in failed["exception"]
    assert failed["request_id"] == response["X-Request-ID"]
    assert not any(value in log.getvalue() for value in VALUES)
    assert key[21:] not in log.getvalue()


def test_a_request_is_one_line_that_says_who_what_and_how_it_ended(log: StringIO) -> None:
    row, text = world.key_row(world.person())
    trace = "4bf92f3577b34da6a3ce929d0e0e4736"
    Api(text).get("listings", {"city": "Denver"}, traceparent=f"00-{trace}-00f067aa0ba902b7-01")

    (line,) = [json.loads(line) for line in log.getvalue().splitlines()]
    assert line["credential"] == f"api_key:{row.pk}"
    assert line["user"] == str(row.user_id)
    assert (line["method"], line["route"], line["status"]) == ("GET", "api/v2/listings", 200)
    assert line["trace_id"] == trace
    assert line["milliseconds"] > 0 and line["bytes"] > 0
    assert "Denver" not in log.getvalue()


def assert_clean(text: str, story: Story) -> None:
    for value in VALUES:
        assert value not in text
    for user in (story.buyer, story.manager):
        assert user.email not in text
    for key in story.keys:
        assert key[21:] not in text
