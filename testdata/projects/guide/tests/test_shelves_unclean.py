"""The same registry; in strict mode nothing awaits this fixture's cleanup."""

import pytest

from depot import shelves


@pytest.fixture(autouse=True)  # hint: [async-fixture-not-run]
async def cleanup_shelves():
    """Would clear the registry between tests."""
    yield

    try:
        from depot.shelves import registry

        registry.clear()
    except ImportError:
        pass


def test_parcel_on_the_top_shelf():
    shelves.registry["A1"] = "top"  # hint: [shared-state-leak]
    assert shelves.shelf_of("A1") == "top"


def test_unknown_parcel_lies_on_the_floor():
    assert shelves.registry == {}
