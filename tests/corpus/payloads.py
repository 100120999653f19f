"""What attackers write: classic payloads by family, and values at the edges of every type.

Texts go wherever text can go: fields, parameters, ids in paths, headers. Values go into fields.
"""

from typing import Any

TEXTS: dict[str, tuple[str, ...]] = {
    "SQL": (
        "' OR '1'='1",
        "'; DROP TABLE listings_listing; --",
        '" UNION SELECT password, NULL FROM accounts_user --',
        "1); DELETE FROM audit_entry; --",
        "%' ESCAPE '!' OR 1=1 /*",
        "\\'; SELECT pg_sleep(9); --",
    ),
    "query languages": ('{"$gt": ""}', "*)(uid=*))(|(uid=*", "' or count(//user)=1 or 'a'='b"),
    "script": (
        "<script>alert(1)</script>",
        '"><svg/onload=alert(1)>',
        "javascript:alert(document.cookie)",
        "</title><img src=x onerror=alert(1)>",
    ),
    "template": ("{{7*7}}", "${7*7}", "#{7*7}", "<%= 7*7 %>", "{% debug %}", "{0.__class__}"),
    "command": ("; cat /etc/passwd", "| id", "$(id)", "`id`", "&& ping -c 9 127.0.0.1", "%0aid"),
    "path": (
        "../../../../etc/passwd",
        "..\\..\\windows\\win.ini",
        "%2e%2e%2fetc%2fpasswd",
        "....//....//etc/passwd",
        "file:///etc/passwd",
        "/proc/self/environ",
    ),
    "header break": (
        "a\r\nSet-Cookie: session=stolen",
        "a\nLocation: https://attacker.example",
        "%0d%0aX-Injected: 1",
        "a\u0085b\u2028c",
    ),
    "format": ("%s%s%n%x", "%(password)s", "{settings.SECRET_KEY}", "=HYPERLINK(0)", "@SUM(1)"),
    "other requests": (
        "http://169.254.169.254/latest/meta-data/",
        "gopher://127.0.0.1:6379/_FLUSH",
    ),
    "Unicode": (
        "\x00",
        "a\x00b",
        "\u202egnp.exe",
        "\ufeff",
        "\u200b",
        "\U000e0001",
        "\ufdd0",
        "e\u0301" * 60,
        "\u0344" * 100,
        "ﷺ" * 100,
        "İ" * 60,
        "👩‍👩‍👧‍👦",
        "\u0669\u0661",
        "𝟙𝟚",
    ),
    "numbers": ("0", "-1", "1e309", "NaN", "Infinity", "-0.0", "0x10", "1_000", "9" * 40, "1.000"),
    "empty and long": ("", " ", "\t", "a" * 121, "a" * 5_000),
    "words": ("null", "undefined", "true", "None", "[object Object]", "CON", "admin", "me"),
}

VALUES: dict[str, tuple[Any, ...]] = {
    "numbers": (0, -1, 1, 2**31, 2**53 + 1, 10**39, -(10**39), 0.1, 3.0, 1e300, 5e-324),
    "other types": (None, True, False, [], {}, [[]], [None], [{}], {"": None}, "3"),
    "objects": (
        {"__proto__": {"admin": True}},
        {"$where": "sleep(9)"},
        {"amount": "1", "currency": "USD", "extra": 1},
        {"amount": None, "currency": None},
        {"amount": "0", "currency": "usd"},
        {"amount": "999999999.99", "currency": "USD"},
    ),
    "nested": ([[[[[[[[[[[[]]]]]]]]]]]], {"a": {"a": {"a": {"a": {"a": {}}}}}}),
    "huge": (["read"] * 1_000, {f"k{n}": n for n in range(99)}, "a" * 100_000),
}

#: Bodies that are no object of the route at all.
BODIES: dict[str, tuple[bytes, ...]] = {
    "not JSON": (
        b"",
        b"{",
        b"null",
        b"<a/>",
        b"\xff\xfe",
        b"a=1&b=2",
        b'{"a":1}{"b":2}',
        b"{'a': 1}",
    ),
    "not an object": (b"[]", b"0", b'"x"', b"true", b"[{}]"),
    "twice": (b'{"title": "a", "title": "b"}', b'{"a": {"b": 1, "b": 2}}'),
    "nested": (b"[" * 100_000, b'{"a":' * 50_000, b'{"a": ' + b"[" * 30 + b"]" * 30 + b"}"),
    "huge": (b'{"a": "' + b"x" * 900_000 + b'"}', b'{"a": ' + b"9" * 900_000 + b"}"),
    "many": (b"{" + b",".join(b'"k%d":0' % n for n in range(5_000)) + b"}",),
    "characters": (rb'{"a": "\ud800"}', b'{"a": "\x00"}', rb'{"\u0000": 1}', b'{"a": "\xc0\xaf"}'),
    "numbers": (b'{"a": NaN}', b'{"a": -Infinity}', b'{"a": 1e999}', b'{"a": 0123}', b'{"a": +1}'),
}


def texts() -> list[str]:
    return [text for family in TEXTS.values() for text in family]


def values(number: int) -> list[Any]:
    """For the field of this number: every second of every family, so that two fields take all."""
    families = [*TEXTS.values(), *VALUES.values()]
    return [value for family in families for value in family[number % 2 :: 2]]
