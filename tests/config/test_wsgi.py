"""What reaches the application as its server hands it over."""

from io import BytesIO

import pytest
from django.test import RequestFactory

from config.wsgi import application

pytestmark = pytest.mark.django_db


def status_of(
    content_type: str, path: str = "/accounts/login/", body: bytes = b"login=%C3%A9"
) -> int:
    """The status that a POST of a form with this Content-Type is answered with."""
    environ = RequestFactory()._base_environ(
        REQUEST_METHOD="POST",
        PATH_INFO=path,
        QUERY_STRING="next=%2Fdocs%2F",
        CONTENT_TYPE=content_type,
        CONTENT_LENGTH=str(len(body)),
        HTTP_HOST="localhost",
        **{"wsgi.input": BytesIO(body)},
    )
    answered = []
    for _ in application(environ, lambda status, headers: answered.append(status)):
        pass
    return int(answered[0][:3])


@pytest.mark.parametrize(
    "charset",
    ["hex", "rot13", "idna", "undefined", "punycode", "base64", "utf-16", "utf-8", "none", '"', ""],
)
@pytest.mark.parametrize(
    ("path", "status"), [("/accounts/login/", 403), ("/api/v2/accounts", 415), ("/nowhere", 404)]
)
def test_no_charset_is_an_error_of_ours(charset, path, status):
    """403 is the form's missing token; each is what the path answers without a charset."""
    content_type = "application/x-www-form-urlencoded"
    assert status_of(content_type, path) == status
    assert status_of(f"{content_type}; charset={charset}", path) == status


@pytest.mark.parametrize(
    "text", ["; charset=hex", "a;b*=x'y", "a/b; x*=hex''%ff", "\xff", "a" * 9000]
)
def test_no_media_type_is_an_error_of_ours(text):
    assert status_of(text) in (400, 403)
