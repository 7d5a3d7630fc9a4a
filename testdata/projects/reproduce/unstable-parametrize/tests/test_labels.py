import pytest


@pytest.mark.parametrize("fruit", {"apple", "pear", "plum", "fig"})  # hint: [unstable-parametrize]
def test_label(fruit):
    assert fruit.title().istitle()
