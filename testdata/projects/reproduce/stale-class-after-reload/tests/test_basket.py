import importlib

import pytest

import stall
from stall import Basket


@pytest.fixture
def fresh_stall():
    importlib.reload(stall)


def test_new_basket():
    assert isinstance(stall.new_basket(), Basket)  # hint: [stale-class-after-reload]


def test_opening(fresh_stall):
    assert stall.new_basket() is not stall.new_basket()
