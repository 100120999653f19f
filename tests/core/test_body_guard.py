"""What is refused by its headers alone."""

import pytest

from apps.core.body_guard import MAX_BODY, refuse_unacceptable, refuse_unreadable
from apps.core.problems import Problem


def body(length: object, content_type: str = "application/json", **meta: str) -> str:
    """The code of the refusal; empty where there is none."""
    headers = {"CONTENT_LENGTH": str(length), "CONTENT_TYPE": content_type, **meta}
    try:
        refuse_unreadable(headers)
    except Problem as refused:
        return refused.code
    return ""


def accept(header: str) -> str:
    try:
        refuse_unacceptable({"HTTP_ACCEPT": header})
    except Problem as refused:
        return refused.code
    return ""


def test_a_megabyte_is_taken_and_a_byte_more_is_not() -> None:
    assert body(MAX_BODY) == ""
    assert body(MAX_BODY + 1) == "payload_too_large"


@pytest.mark.parametrize("length", ["9" * 20, "9" * 5_000])
def test_a_length_of_any_number_of_digits_is_just_too_large(length: str) -> None:
    assert body(length) == "payload_too_large"


@pytest.mark.parametrize("length", ["-1", "+1", "1e3", "0x10", " 1", "1 ", "²", "٣", "1,1"])
def test_a_length_that_is_no_number_is_no_length(length: str) -> None:
    assert body(length) == "length_required"


def test_a_chunked_body_is_refused_whatever_its_length_says() -> None:
    assert body(2, HTTP_TRANSFER_ENCODING="chunked") == "length_required"
    assert body("", HTTP_TRANSFER_ENCODING="chunked") == "length_required"


@pytest.mark.parametrize(
    "content_type",
    [
        "application/json",
        "Application/JSON",
        "application/json; charset=utf-8",
        'application/json;charset="UTF-8"',
        "application/json;",
    ],
)
def test_json_in_utf8_is_taken(content_type: str) -> None:
    assert body(2, content_type) == ""


@pytest.mark.parametrize(
    "content_type",
    [
        "",
        "text/plain",
        "text/json",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/xml",
        "application/jsonp",
        "application/merge-patch+json",
        "application/json; charset=utf-16",
        "application/json; charset=latin-1",
        "application/json; version=1",
        "application/json, text/plain",
    ],
)
def test_any_other_body_is_refused(content_type: str) -> None:
    assert body(2, content_type) == "unsupported_media_type"


def test_no_body_needs_no_type() -> None:
    assert body("", "") == body(0, "") == ""


def test_what_is_too_large_is_told_before_what_is_of_the_wrong_type() -> None:
    assert body(MAX_BODY + 1, "text/plain") == "payload_too_large"


@pytest.mark.parametrize(
    "header",
    [
        "",
        "*/*",
        "application/*",
        "application/json",
        "text/html, application/json;q=0.9",
        "*/*;q=1",
    ],
)
def test_who_takes_json_is_served(header: str) -> None:
    assert accept(header) == ""


@pytest.mark.parametrize(
    "header",
    [
        "text/html",
        "application/xml",
        "image/*",
        "*/*; q=0",
        "application/json;q=0.000",
        "x",
        ",",
        ";",
    ],
)
def test_who_takes_no_json_is_told(header: str) -> None:
    assert accept(header) == "not_acceptable"
