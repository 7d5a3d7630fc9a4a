"""The same calls, and nothing left of them."""

import pytest

from shop import prices
from shop.ledger import Ledger, ledger


@pytest.fixture(autouse=True)
def plain_prices():
    yield
    prices.set_style("plain")


@pytest.fixture
def empty_ledger(monkeypatch):
    monkeypatch.setattr(ledger, "lines", [])
    return ledger


def test_loud_prices():
    prices.set_style("loud")
    assert prices.shown(3) == "** 3 **"


def test_voucher():
    prices.add_voucher("AUTUMN", 10)
    assert prices.VOUCHERS["AUTUMN"] == 10
    prices.drop_voucher("AUTUMN")


def test_sale_is_written(empty_ledger):
    ledger.write("bread")
    assert ledger.entries() == ["bread"]


def test_a_ledger_of_its_own():
    own = Ledger()
    own.write("bread")
    assert own.entries() == ["bread"]
