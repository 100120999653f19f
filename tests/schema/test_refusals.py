"""Which refusals an operation documents, pinned against its declaration by rules of our own."""

import pytest

from apps.core.problems import CATALOGUE, MEDIA_TYPE, Code
from apps.schema.problem_shape import example

from .reading import DOCUMENT, OPERATIONS, answers, assert_valid, codes, operation, parameters

EVERYWHERE = {
    "malformed_credential",
    "credential_exposed",
    "credentials_invalid",
    "browser_key",
    "not_acceptable",
    "validation_failed",
    "rate_limited",
    "internal_error",
}


@pytest.mark.parametrize("name", OPERATIONS)
def test_what_can_happen_to_any_request_is_documented_everywhere(name: str) -> None:
    assert codes(name) >= EVERYWHERE


@pytest.mark.parametrize("name", OPERATIONS)
def test_refusals_follow_from_the_declaration(name: str) -> None:
    path, method, said = OPERATIONS[name]
    headers = parameters(name, "header")
    demanded = {h for h, parameter in headers.items() if parameter["required"]}
    expected = {
        "credentials_missing": {} not in said["security"],
        "insufficient_scope": said["x-required-scope"] is not None,
        "malformed_body": method in ("POST", "PUT", "PATCH"),
        "length_required": method in ("POST", "PUT", "PATCH"),
        "payload_too_large": method in ("POST", "PUT", "PATCH"),
        "unsupported_media_type": method in ("POST", "PUT", "PATCH"),
        # PUT demands it where there is something to match.
        "precondition_required": "If-Match" in demanded or method == "PUT",
        "precondition_failed": "If-Match" in headers,
        "idempotency_key_required": "Idempotency-Key" in demanded,
        "idempotency_key_reused": "Idempotency-Key" in demanded,
        "request_in_progress": "Idempotency-Key" in demanded,
    }
    assert {code: code in codes(name) for code in expected} == expected
    if "{" in path:
        assert "not_found" in codes(name)
    if len(said["x-roles"]) < 5:
        assert "not_permitted" in codes(name)


def test_what_the_domain_refuses_is_documented_where_it_refuses() -> None:
    def answering(code: str) -> set[str]:
        return {name for name in OPERATIONS if code in codes(name)}

    assert answering("conflict") == {
        "listings_update",
        "listings_delete",
        "listings_publish",
        "listings_withdraw",
        "offers_create",
        "offers_accept",
        "offers_reject",
        "offers_withdraw",
        "api_keys_update",
        "api_keys_rotate",
    }
    assert answering("masked_value") == {"buyer_profile_replace", "buyer_profile_update"}
    assert answering("second_factor_required") == {
        "api_keys_create",
        "me_export_get",
        "me_delete",
        "users_update",
    }


def _status(code: str, name: str) -> str:
    """A token is challenged (RFC 9470) where a key is refused."""
    step_up = code == "second_factor_required" and operation(name)["x-second-factor"]
    return "401 or 403" if step_up else str(CATALOGUE[Code(code)].status)


@pytest.mark.parametrize("name", OPERATIONS)
def test_every_refusal_is_a_problem_document_with_its_headers(name: str) -> None:
    for status, said in answers(name).items():
        if status < "400":
            continue
        content = said["content"][MEDIA_TYPE]
        assert content["schema"] == {"$ref": "#/components/schemas/ProblemDocument"}
        assert {_status(code, name) for code in content["examples"]} <= {status, "401 or 403"}
        assert ("Retry-After" in said["headers"]) == (status in ("409", "429")) or status == "409"
        assert "WWW-Authenticate" in said["headers"] or status != "401"
        assert {"RateLimit", "X-RateLimit-Limit", "X-Request-ID"} <= said["headers"].keys()


@pytest.mark.parametrize("name", OPERATIONS)
def test_security_names_both_headers_and_says_where_none_is_needed(name: str) -> None:
    scope = operation(name)["x-required-scope"]
    needed = [{"bearer": []}, {"oauth2": [scope] if scope else []}, {"apiKey": []}]
    anonymous = name in {
        "listings_list",
        "listings_get",
        "openapi_get",
        "accounts_create",
        "api_keys_report_leak",
    }
    assert operation(name)["security"] == ([{}, *needed] if anonymous else needed)


def test_codes_are_the_closed_set() -> None:
    schema = DOCUMENT["components"]["schemas"]["Code"]
    assert set(schema["enum"]) == set(Code)
    examples = DOCUMENT["components"]["examples"].keys()
    assert examples - set(Code) == {"second_factor_required-401"}


@pytest.mark.parametrize("code", Code)
def test_every_code_has_a_valid_example(code: Code) -> None:
    document = example(code)
    assert_valid(document, {"$ref": "#/components/schemas/ProblemDocument"})
    assert (document["code"], document["status"]) == (code, CATALOGUE[code].status)
