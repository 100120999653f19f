"""Pages as a browser reads them: elements with their attributes, and the text of code blocks."""

from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

from django.test import Client

from apps.core.problems import Code

PATHS = [
    "/docs/",
    "/docs/v1",
    "/docs/migrate-v1-v2",
    "/docs/errors/",
    *(f"/docs/errors/{code}" for code in Code),
]


class Page(HTMLParser):
    """`elements`: tag and attributes of each; `blocks`: the text of each <pre> by its class."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.blocks: list[tuple[str, str]] = []
        self.headings: list[int] = []
        self._in_pre = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag in ("h1", "h2", "h3", "h4"):
            self.headings.append(int(tag[1]))
        if tag == "pre":
            self._in_pre = True
            self.blocks.append((dict(attrs).get("class") or "", ""))

    def handle_endtag(self, tag: str) -> None:
        self._in_pre = self._in_pre and tag != "pre"

    def handle_data(self, data: str) -> None:
        if self._in_pre:
            kind, text = self.blocks[-1]
            self.blocks[-1] = (kind, text + data)

    def values(self, attribute: str) -> Iterator[str]:
        return (attrs[attribute] or "" for _, attrs in self.elements if attribute in attrs)


def get(path: str) -> Any:
    return Client().get(path)


def page(path: str) -> Page:
    return Page(get(path).content.decode())
