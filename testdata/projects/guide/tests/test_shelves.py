"""A registry of the product, cleared after every test by a fixture that runs."""

import pytest
import pytest_asyncio

from depot import shelves


@pytest_asyncio.fixture(autouse=True)
async def cleanup_shelves():
    """Clears the registry between tests."""
    yield
    shelves.registry.clear()


def test_parcel_on_the_top_shelf():
    shelves.registry["A1"] = "top"
    assert shelves.shelf_of("A1") == "top"


@pytest.mark.asyncio
async def test_unknown_parcel_lies_on_the_floor():
    assert shelves.registry == {}
    assert shelves.shelf_of("A1") == "floor"
