"""JSON as text on a page, with its names and values told apart."""

import json
import re
from typing import Any

from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString

_TOKEN = re.compile(
    r'(?P<name>"(?:[^"\\]|\\.)*")(?=\s*:)|(?P<text>"(?:[^"\\]|\\.)*")'
    r"|(?P<number>-?\d[\d.eE+-]*|true|false|null)|(?P<rest>[^\"\d\-tfn]+|.)"
)


def json_view(value: Any) -> SafeString:
    """Indented JSON; everything in it is escaped."""
    text = json.dumps(value, indent=2, ensure_ascii=False)
    return format_html_join("", "{}", ((_shown(token),) for token in _TOKEN.finditer(text)))


def _shown(token: re.Match[str]) -> SafeString:
    if token.lastgroup == "rest":
        return escape(token[0])
    return format_html('<span class="json-{}">{}</span>', token.lastgroup, token[0])
