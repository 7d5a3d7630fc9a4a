"""Overrides on top of what they override, and parameters in place of fixtures."""

import pytest


@pytest.fixture
def room(room):
    return ("room", room)


@pytest.fixture
def key(room):
    return ("key", room)


def test_module_over_conftest(room):
    assert room == ("room", 3)


class TestClassOverModule:
    @pytest.fixture
    def room(self, room):
        return ("class", room)

    def test_both(self, room):
        assert room == ("class", ("room", 3))

    def test_through_another(self, key):
        assert key == ("key", ("class", ("room", 3)))


class TestRequestedAgainOnTheWay:
    @pytest.fixture
    def room(self, key):
        return ("class", key)

    def test_next_one_outwards(self, room):
        assert room == ("class", ("key", ("room", 3)))


@pytest.mark.parametrize("room", [7], indirect=True)
def test_indirect(key, room):
    assert room == ("room", 7)


@pytest.mark.parametrize("room", [7])
def test_direct_parameter_hides_the_fixture(key, room):
    assert key == ("key", 7)


@pytest.mark.parametrize(("room", "floor"), [(7, 1)], indirect=["room"])
def test_partly_indirect(room, floor):
    assert (room, floor) == (("room", 7), 1)
