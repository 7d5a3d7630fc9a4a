import pytest


@pytest.fixture(scope="session")
def config():
    made = {"paths": [], "debug": False}
    yield made
