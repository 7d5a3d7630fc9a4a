"""Guards that take a second look to see."""

import contextlib

import pytest

import house


@contextlib.contextmanager
def open_gate():
    saved = house.gate
    house.gate = "open"
    try:
        yield
    finally:
        house.gate = saved


def light_lamp(request):
    saved = house.lamp
    house.lamp = "on"
    request.addfinalizer(lambda: setattr(house, "lamp", saved))


@pytest.fixture
def lit(request):
    light_lamp(request)


@pytest.fixture
def warm(request):
    saved = house.stove
    house.stove = "hot"

    def cool():
        house.stove = saved

    request.addfinalizer(cool)


@pytest.fixture
def quiet_again():
    yield
    house.bell = "quiet"


@pytest.fixture
def by_name(request):
    request.getfixturevalue("quiet_again")


def test_gate():
    with open_gate():
        assert house.gate == "open"


def test_gate_is_shut():
    assert house.gate == "shut"


def test_lamp(lit):
    assert house.lamp == "on"


def test_lamp_is_off():
    assert house.lamp == "off"


def test_stove(warm):
    assert house.stove == "hot"


def test_stove_is_cold():
    assert house.stove == "cold"


def test_bell(by_name):
    house.bell = "ringing"
    assert house.bell == "ringing"


def test_bell_here(request):
    request.getfixturevalue("quiet_again")
    house.bell = "ringing"
    assert house.bell == "ringing"


def test_bell_is_quiet():
    assert house.bell == "quiet"


def test_unguarded():
    house.roof = "wet"  # hint: [shared-state-leak]


def test_fails_dry_at_first():
    assert house.roof == "dry"
