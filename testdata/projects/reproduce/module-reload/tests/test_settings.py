import importlib

import settings


def test_currency():
    assert settings.CURRENCY == "eur"


def test_other_currency(monkeypatch):
    monkeypatch.setenv("CURRENCY", "usd")
    importlib.reload(settings)  # hint: [module-reload]
    assert settings.CURRENCY == "usd"
