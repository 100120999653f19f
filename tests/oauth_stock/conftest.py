"""Every test of this room runs twice: on the stock library, where it finds the hole, and here."""

from collections.abc import Iterator

import pytest

from .our_provider import Ours
from .provider import Provider
from .stock_provider import Stock, stock_site


@pytest.fixture(scope="session")
def stock(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stock]:
    with stock_site(tmp_path_factory.mktemp("stock")) as site:
        yield site


@pytest.fixture(params=[pytest.param("stock", marks=pytest.mark.process), "ours"])
def provider(request: pytest.FixtureRequest, db: None) -> Provider:
    if request.param == "ours":
        return Ours()
    site = request.getfixturevalue("stock")
    site.begin_anew()
    return site
