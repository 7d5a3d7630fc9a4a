import pytest

import house


@pytest.fixture(autouse=True, scope="module")
def alarms_off():
    """For the modules beside; within one, tests see each other's."""
    yield
    house.alarms.clear()


@pytest.fixture
def lights_out(lights_out):
    """On top of the configured one."""
