"""Readiness says what fails, whatever the driver calls it."""

import pytest
from django.db import DatabaseError, InterfaceError, connection
from django.test import Client

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("failure", [DatabaseError, InterfaceError])
def test_a_database_that_does_not_answer_is_a_503_that_names_it(monkeypatch, failure):
    def gone(*_: object, **__: object) -> None:
        raise failure("connection already closed")

    monkeypatch.setattr(connection, "cursor", gone)
    monkeypatch.setattr(connection, "chunked_cursor", gone)
    answer = Client().get("/readyz")
    monkeypatch.undo()

    assert answer.status_code == 503
    assert answer.json()["parts"]["database"] == "failing"
