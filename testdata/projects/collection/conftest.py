import pytest

from shared.fixtures import *

pytest_plugins = ["shared.plugin"]


@pytest.fixture
def ledger():
    return []


@pytest.fixture
def level(level):
    return [*level, "conftest"]


@pytest.fixture(name="renamed")
def some_other_name():
    return "renamed"


@pytest.fixture
def colour(request):
    return getattr(request, "param", "grey")
