import pytest


@pytest.fixture(scope="module")
def prices():
    return {"tea": 2, "coffee": 3}


def test_path(config):
    config["paths"].append("/tmp")  # hint: [mutated-shared-fixture]
    assert config["paths"]


def test_path_victim(config):
    assert not config["paths"]


def test_discount(prices):
    prices["tea"] = 1  # hint: [mutated-shared-fixture]
    assert sum(prices.values()) == 4


def test_discount_victim(prices):
    assert sum(prices.values()) == 5
