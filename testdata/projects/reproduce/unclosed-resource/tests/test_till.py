import socket

import pytest


@pytest.fixture
def till():
    return socket.create_server(("127.0.0.1", 0))  # hint: [unclosed-resource]


def test_change():
    assert 10 - 7 == 3


def test_till_listens(till):
    assert till.getsockname()[1] > 0
