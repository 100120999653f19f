"""Gatehouse asked inside this process: its whole middleware stack, without a server around it."""

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.core.handlers.base import BaseHandler
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from benchmarks.target import Ask


class Caller:
    """Asks with one credential. Django must be set up."""

    def __init__(self, headers: dict[str, str]) -> None:
        self._factory = RequestFactory()
        self._headers = {"Host": "127.0.0.1", **headers}
        self._handler = BaseHandler()
        self._handler.load_middleware()

    def request(self, ask: Ask) -> HttpRequest:
        """A request that was not sent yet: making one is no part of what is measured."""
        data = ask.data.encode()
        kind = "application/json" if data else ""
        return self._factory.generic(ask.method, ask.path, data, kind, headers=self._headers)

    def send(self, request: HttpRequest) -> HttpResponse:
        """Its answer. Raises RuntimeError where that is not 2xx."""
        response = self._handler.get_response(request)
        response.close()
        if not 200 <= response.status_code < 300:
            raise RuntimeError(f"{request.method} {request.path}: {response.status_code}")
        return response


@contextmanager
def quiet_logs() -> Iterator[None]:
    """Every log line is still made, and written nowhere: the terminal is for figures."""
    with Path(os.devnull).open("w") as nowhere:
        for handler in logging.getLogger().handlers:
            if isinstance(handler, logging.StreamHandler):
                handler.setStream(nowhere)
        yield
