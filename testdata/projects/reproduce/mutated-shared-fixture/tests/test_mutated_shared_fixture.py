import pytest


@pytest.fixture(scope="module")
def basket():
    return ["apple"]


def test_count(basket):
    assert len(basket) == 1


def test_add(basket):
    basket.append("pear")  # hint: [mutated-shared-fixture]
    assert basket == ["apple", "pear"]
