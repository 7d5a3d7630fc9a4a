import importlib

import pytest

from shop import config, stock


def test_debug(monkeypatch):
    monkeypatch.setenv("DEBUG", "1")
    importlib.reload(config)  # hint: [module-reload]
    assert config.DEBUG


def test_no_debug():
    assert not config.DEBUG


@pytest.fixture
def verbose(monkeypatch):
    monkeypatch.setenv("LEVEL", "debug")
    importlib.reload(config)
    yield
    importlib.reload(config)  # hint: [module-reload]


def test_verbose(verbose):
    assert config.LEVEL == "debug"


def test_level():
    assert config.LEVEL == "info"


@pytest.fixture
def south(monkeypatch):
    monkeypatch.setenv("WAREHOUSE", "south")
    return importlib.reload(stock)  # hint: [module-reload]


def test_south(south):
    assert south.WAREHOUSE == "south"


def test_north():
    assert stock.WAREHOUSE == "north"
