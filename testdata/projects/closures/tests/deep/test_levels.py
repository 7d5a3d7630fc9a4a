import pytest

import house

pytestmark = pytest.mark.usefixtures("cold")


def test_module_mark():
    house.heating["on"] = True
    assert house.heating["on"]


def test_still_configured():
    house.lights.append("cellar")
    assert house.lights == ["cellar"]


def test_dark_at_first():
    assert house.lights == []
