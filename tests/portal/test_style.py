"""The stylesheet: our own, readable in both colour schemes, served by us."""

import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders

from .pages import get, page

CSS = Path(finders.find("portal/portal.css")).read_text()
LIGHT, DARK = (
    dict(re.findall(r"--([\w-]+):\s*(#[0-9a-f]{6})", block))
    for block in re.findall(r":root \{(.*?)\}", CSS, re.DOTALL)
)
SCHEMES = {"light": LIGHT, "dark": LIGHT | DARK}
PAIRS = [
    *((ink, paper) for ink in ("ink", "quiet", "accent") for paper in ("paper", "panel")),
    *((method, f"{method}-tint") for method in ("get", "post", "put", "patch", "delete")),
    *((method, "paper") for method in ("get", "post", "put", "patch", "delete")),
    *((ink, "code") for ink in ("code-ink", "code-name", "code-text", "code-number")),
]


def luminance(colour: str) -> float:
    """WCAG 2.2, relative luminance."""
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize(("ink", "paper"), PAIRS)
def test_text_can_be_read(scheme: str, ink: str, paper: str) -> None:
    colours = SCHEMES[scheme]
    assert contrast(colours[ink], colours[paper]) >= 4.5  # WCAG 2.2 level AA


def test_the_measure_of_contrast_is_right() -> None:
    assert round(contrast("#000000", "#ffffff"), 2) == 21
    assert round(contrast("#777777", "#ffffff"), 2) == 4.48


def test_nothing_is_loaded_from_elsewhere() -> None:
    assert "@import" not in CSS
    assert "url(" not in CSS


@pytest.mark.django_db
def test_assets_are_served_to_our_own_pages_only() -> None:
    assets = [url for url in page("/docs/").values("href") if url.startswith("/static/")]
    assert assets
    for url in assets:
        response = get(url)
        assert response.status_code == 200
        assert response["X-Content-Type-Options"] == "nosniff"
        assert "Access-Control-Allow-Origin" not in response
