"""A plugin of the project's own."""

import pytest


@pytest.fixture
def plugged(request):
    return request.node.name


@pytest.fixture
def level():
    return ["plugin"]
