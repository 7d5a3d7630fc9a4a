"""Fixtures from star imports, plugins, the configuration, and under another name."""

import pytest

import house


def test_configured():
    house.lights.append("hall")
    assert house.lights == ["hall"]


def test_dark_at_first():
    assert house.lights == []


def test_star(doors_shut):
    house.doors.append("front")
    assert house.doors == ["front"]


def test_doors_at_first():
    assert house.doors == []


@pytest.mark.usefixtures("_windows_shut")
def test_star_with_underscore():
    house.windows.append("left")
    assert house.windows == ["left"]


def test_windows_at_first():
    assert house.windows == []


def test_renamed(cold):
    house.heating["on"] = True
    assert house.heating["on"]


def test_cold_at_first():
    assert not house.heating["on"]


def test_plugin(guests_gone):
    house.guests.append("Ada")
    assert house.guests == ["Ada"]


def test_no_guests_at_first():
    assert house.guests == []


def test_second_plugin(silence):
    house.music.append("waltz")
    assert house.music == ["waltz"]


def test_silent_at_first():
    assert house.music == []
