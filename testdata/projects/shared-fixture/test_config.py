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


class Cart:
    def __init__(self):
        self.items = []


@pytest.fixture(scope="module")
def cart():
    return Cart()


def test_item(cart):
    cart.items.append("tea")  # hint: [mutated-shared-fixture]
    assert cart.items


def test_item_victim(cart):
    assert not cart.items


def test_cake(cart):
    cart.items.append("cake")  # hint: [mutated-shared-fixture]
    assert "cake" in cart.items


def test_cake_victim(cart):
    assert "cake" not in cart.items


@pytest.mark.parametrize("fruit", ["pear", "plum"])
@pytest.mark.parametrize("basket", [[]])
def test_basket(basket, fruit):
    basket.append(fruit)  # hint: [mutated-shared-fixture]
    assert basket == [fruit]


@pytest.fixture(params=[[], ["nut"]])
def bag(request):
    return request.param


def test_bag(bag):
    bag.append("fig")  # hint: [mutated-shared-fixture]
    assert "fig" in bag


def test_bag_victim(bag):
    assert "fig" not in bag
