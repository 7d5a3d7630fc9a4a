import importlib

import pytest

import depot


@pytest.fixture
def restarted(monkeypatch):
    """The package as a new process would see it, with another carrier."""
    monkeypatch.setenv("DEPOT_CARRIER", "owl")
    importlib.reload(depot)
