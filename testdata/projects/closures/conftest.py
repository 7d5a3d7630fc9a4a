import pytest

import house
from house_guards import *

pytest_plugins = ("house_plugin",)


@pytest.fixture
def lights_out():
    """Used everywhere by the configuration."""
    yield
    house.lights.clear()


@pytest.fixture(name="cold")
def _heating_off():
    yield
    house.heating["on"] = False


@pytest.fixture(scope="session")
def plan():
    return {"rooms": 3}


@pytest.fixture
def room(request, plan):
    return getattr(request, "param", plan["rooms"])
