import random


def test_ripeness():
    ripeness = random.random()
    assert ripeness < 0.9  # hint: [unseeded-random]
